namespace Hexabase.Worker.Durable;

/// <summary>The function is an orchestrator: it runs for every turn of an orchestration. Stands for <see cref="DurableTaskAttribute"/>.</summary>
internal sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute;

/// <summary>The function is an activity that orchestrations call. Stands for <see cref="DurableTaskAttribute"/>.</summary>
internal sealed class ActivityTriggerAttribute : TriggerBindingAttribute;

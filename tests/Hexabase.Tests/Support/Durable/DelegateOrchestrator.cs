using Hexabase.Worker.Durable;

namespace Hexabase.Tests.Support.Durable;

/// <summary>An orchestrator that is one function.</summary>
internal sealed class DelegateOrchestrator<TInput, TOutput>(Func<TaskOrchestrationContext, TInput, Task<TOutput>> run)
    : TaskOrchestrator<TInput, TOutput>
{
    public override Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input) => run(context, input);
}

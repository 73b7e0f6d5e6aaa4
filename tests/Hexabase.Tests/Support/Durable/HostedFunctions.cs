using System.Reflection;
using System.Text.Json;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Replay;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Support.Durable;

/// <summary>Runs an activity, from JSON text to the text that it answers.</summary>
internal delegate Task<string> ActivityCode(TaskActivityContext context, string? input, JsonSerializerOptions json);

/// <summary>The orchestrations and activities of an <see cref="OrchestrationHost"/> by their names.</summary>
internal sealed class HostedFunctions
{
    private static readonly MethodInfo Orchestrator = typeof(HostedFunctions).GetMethod(nameof(AddOrchestrator), BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly MethodInfo Activity = typeof(HostedFunctions).GetMethod(nameof(AddActivity), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly Dictionary<string, OrchestratorCode> orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ActivityCode> activities = new(StringComparer.OrdinalIgnoreCase);

    public OrchestratorCode? FindOrchestrator(string name) => orchestrators.GetValueOrDefault(name);

    public ActivityCode? FindActivity(string name) => activities.GetValueOrDefault(name);

    public void Add(string name, OrchestratorCode code) => orchestrators.Add(name, code);

    public void Add<TInput, TOutput>(string name, Func<TaskActivityContext, TInput, Task<TOutput>> run) =>
        activities.Add(name, async (context, input, json) =>
        {
            try
            {
                return ActivityAnswer.Write(await run(context, PayloadJson.Read<TInput>(input, json)), json);
            }
#pragma warning disable CA1031 // Whatever an activity throws is its failure.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return ActivityAnswer.Write(TaskFailures.Of(e));
            }
        });

    /// <summary>Adds a class that has a <see cref="DurableTaskAttribute"/>.</summary>
    public void Add(Type type, IServiceProvider services)
    {
        var name = type.GetCustomAttribute<DurableTaskAttribute>()?.Name
            ?? throw new ArgumentException($"{type} has no {nameof(DurableTaskAttribute)}.", nameof(type));
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (!parent.IsGenericType)
                continue;
            if (parent.GetGenericTypeDefinition() == typeof(TaskOrchestrator<,>))
                Orchestrator.MakeGenericMethod(parent.GenericTypeArguments).Invoke(this, [name, type, services]);
            else if (parent.GetGenericTypeDefinition() == typeof(TaskActivity<,>))
                Activity.MakeGenericMethod(parent.GenericTypeArguments).Invoke(this, [name, type, services]);
        }
    }

    private void AddOrchestrator<TInput, TOutput>(string name, Type type, IServiceProvider services) =>
        Add(name, OrchestratorCodes.Of(() => (TaskOrchestrator<TInput, TOutput>)ActivatorUtilities.CreateInstance(services, type)));

    private void AddActivity<TInput, TOutput>(string name, Type type, IServiceProvider services) =>
        Add<TInput, TOutput>(name, async (context, input) =>
        {
            await using var scope = services.CreateAsyncScope();
            return await ((TaskActivity<TInput, TOutput>)ActivatorUtilities.CreateInstance(scope.ServiceProvider, type)).RunAsync(context, input);
        });
}

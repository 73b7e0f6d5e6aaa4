using Hexabase.Worker;
using Hexabase.Worker.Durable;

namespace Hexabase.Benchmarks;

/// <summary>The function app that the durable engine is measured with, a process of its own.</summary>
internal static class DurableSteps
{
    public const string Command = "durable-app";

    public static async Task<int> Run()
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.AddFunctionsWorker(typeof(DurableSteps).Assembly);
        var app = builder.Build();
        app.MapFunctions();
        return await app.RunFunctionsAsync();
    }
}

/// <param name="Activities">Called one after the other.</param>
/// <param name="Rounds">How often all of it is done, each time as a new execution.</param>
/// <param name="At">When to begin; null for at once.</param>
public sealed record StepsInput(int Activities, int Rounds = 1, DateTime? At = null);

/// <summary>Trivial activities in sequence.</summary>
[DurableTask("Steps")]
public sealed class Steps : TaskOrchestrator<StepsInput, int>
{
    public override async Task<int> RunAsync(TaskOrchestrationContext context, StepsInput input)
    {
        if (input.At is { } at)
            await context.CreateTimer(at, CancellationToken.None);
        var sum = 0;
        for (var i = 0; i < input.Activities; i++)
            sum = await context.CallActivityAsync<int>("Next", sum);
        if (input.Rounds > 1)
            context.ContinueAsNew(input with { Rounds = input.Rounds - 1, At = null });
        return sum;
    }
}

/// <summary>Adds one.</summary>
[DurableTask("Next")]
public sealed class Next : TaskActivity<int, int>
{
    public override Task<int> RunAsync(TaskActivityContext context, int input) => Task.FromResult(input + 1);
}

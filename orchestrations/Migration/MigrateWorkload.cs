using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Migration;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Migration;

/// <param name="ChangeId">Of the change that moves the app.</param>
/// <param name="State">How far it has come; null when it begins.</param>
public sealed record MigrateWorkloadInput(
    string ChangeId, string Namespace, WorkloadMove Move, MigrationOptions Options, StepRetry Retry, MoveState? State = null);

/// <summary>Moves one app, as <see cref="MoveRule"/> decides: looks, decides, does, and looks again.</summary>
[DurableTask(Name)]
public sealed class MigrateWorkload : TaskOrchestrator<MigrateWorkloadInput, MoveOutcome?>
{
    public const string Name = "MigrateWorkload";

    private const int MostLooks = 60;

    public override async Task<MoveOutcome?> RunAsync(TaskOrchestrationContext context, MigrateWorkloadInput input)
    {
        var options = input.Retry.ToOptions();
        var app = new AppName(input.Namespace, input.Move.Workload);
        if (input.State is not { } state)
        {
            var before = await context.CallActivityAsync<Measurement>(MeasureWorkload.Name, app, options);
            if (before.Workload is not { } found)
                return new MoveOutcome(MoveResult.Gone);
            state = MoveRule.Begin(input.Move, input.Options, found, before.UsualTime, context.Now());
        }
        for (var looks = 0; looks < MostLooks; looks++)
        {
            var seen = await context.CallActivityAsync<Sighting>(LookAtWorkload.Name, app, options);
            var decision = MoveRule.Decide(input.Move, input.Options, state, seen, context.Now());
            if (decision.Outcome is { } outcome)
                return outcome;
            var deed = new MoveDeedInput(input.ChangeId, input.Namespace, input.Move, decision.Deed);
            if (deed.Deed != MoveDeed.Wait && !await context.CallActivityAsync<bool>(CarryOutMove.Name, deed, options))
                return new MoveOutcome(MoveResult.Stuck, "The move is not wanted any more.");
            state = decision.State;
            await context.CreateTimer(input.Options.Poll, CancellationToken.None);
        }
        context.ContinueAsNew(input with { State = state });
        return null;
    }
}

public sealed record AppName(string Namespace, string Workload);

/// <param name="Workload">Null when there is none.</param>
/// <param name="UsualTime">How long it usually takes to answer: the median of a few questions; null when it does not answer.</param>
public sealed record Measurement(Workload? Workload, TimeSpan? UsualTime = null);

/// <summary>How an app is before its move.</summary>
[DurableTask(Name)]
public sealed class MeasureWorkload(ICluster cluster) : TaskActivity<AppName, Measurement>
{
    public const string Name = "MeasureWorkload";

    private const int Questions = 5;

    public override Task<Measurement> RunAsync(TaskActivityContext context, AppName input) => Step.Run(async () =>
    {
        var workload = await cluster.ReadWorkload(input.Namespace, input.Workload, context.Stopping);
        if (workload is null or { Ready: 0 })
            return new Measurement(workload);
        var times = new List<TimeSpan>(Questions);
        for (var i = 0; i < Questions; i++)
        {
            if (await cluster.ProbeWorkload(input.Namespace, input.Workload, context.Stopping) is not { Succeeded: true, Took: var took })
                return new Measurement(workload);
            times.Add(took);
        }
        times.Sort();
        return new Measurement(workload, times[Questions / 2]);
    });
}

/// <summary>
/// Looks at an app, and asks it as visitors would: a few questions at once, as old copies may answer some and new ones others. The worst
/// answer counts.
/// </summary>
[DurableTask(Name)]
public sealed class LookAtWorkload(ICluster cluster) : TaskActivity<AppName, Sighting>
{
    public const string Name = "LookAtWorkload";

    private const int Questions = 5;

    public override Task<Sighting> RunAsync(TaskActivityContext context, AppName input) => Step.Run(async () =>
    {
        if (await cluster.ReadWorkload(input.Namespace, input.Workload, context.Stopping) is not { } workload)
            return new Sighting(Workload: null, Probe: null);
        var answers = await Task.WhenAll(Enumerable.Range(0, Questions)
            .Select(_ => cluster.ProbeWorkload(input.Namespace, input.Workload, context.Stopping)));
        var worst = answers.OfType<Probe>().OrderBy(answer => answer.Succeeded).ThenByDescending(answer => answer.Took).FirstOrDefault();
        return new Sighting(workload, worst);
    });
}

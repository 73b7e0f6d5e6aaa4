using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Domain.Workspaces.Migration;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Downgrades;

public sealed record DowngradeBegun(DowngradeNext Next, SagaOptions Options);

/// <summary>Where a downgrade stands when its orchestration begins, or begins again.</summary>
[DurableTask(Name)]
public sealed class BeginDowngrade(DowngradeJournal journal, UpgradeOptions options) : TaskActivity<string, DowngradeBegun>
{
    public const string Name = "BeginDowngrade";

    public override async Task<DowngradeBegun> RunAsync(TaskActivityContext context, string input)
    {
        var downgrade = await journal.Read(ChangeIds.Parse(input, WorkspaceChangeKind.Downgrade), context.Stopping);
        return new DowngradeBegun(journal.Next(downgrade), SagaOptions.Of(options));
    }
}

public sealed record RecordMoveBackInput(string DowngradeId, string Workload, MoveOutcome Outcome);

/// <summary>Records how the move of an app to the shared pool ended.</summary>
[DurableTask(Name)]
public sealed class RecordMoveBack(DowngradeJournal journal) : TaskActivity<RecordMoveBackInput, DowngradeNext>
{
    public const string Name = "RecordMoveBack";

    public override Task<DowngradeNext> RunAsync(TaskActivityContext context, RecordMoveBackInput input) => journal.RecordThenNext(
        ChangeIds.Parse(input.DowngradeId, WorkspaceChangeKind.Downgrade),
        input.Outcome.Result is MoveResult.Moved or MoveResult.Gone
            ? new DowngradeEvent.WorkloadMoved(input.Workload)
            : new DowngradeEvent.MoveFailed(input.Workload, input.Outcome.Reason ?? "It could not be moved.", journal.NextTry()),
        context.Stopping);
}

/// <summary>Records that the dedicated nodes are gone.</summary>
[DurableTask(Name)]
public sealed class RecordNodesRemoved(DowngradeJournal journal) : TaskActivity<string, DowngradeNext>
{
    public const string Name = "RecordNodesRemoved";

    public override Task<DowngradeNext> RunAsync(TaskActivityContext context, string input) => journal.RecordThenNext(
        ChangeIds.Parse(input, WorkspaceChangeKind.Downgrade), new DowngradeEvent.StepTaken(DowngradeStep.NodesRemoved), context.Stopping);
}

/// <param name="Failure">What has failed, for operators only.</param>
public sealed record HoldDowngradeInput(string DowngradeId, string Failure);

/// <summary>Records that a step has failed for a technical reason which its retries have not healed.</summary>
[DurableTask(Name)]
public sealed class HoldDowngrade(DowngradeJournal journal) : TaskActivity<HoldDowngradeInput, DowngradeNext>
{
    public const string Name = "HoldDowngrade";

    public override Task<DowngradeNext> RunAsync(TaskActivityContext context, HoldDowngradeInput input) => journal.RecordThenNext(
        ChangeIds.Parse(input.DowngradeId, WorkspaceChangeKind.Downgrade),
        new DowngradeEvent.Held("Something that it needs does not answer.", input.Failure, journal.NextTry()),
        context.Stopping);
}

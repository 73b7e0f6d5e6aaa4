using Hexabase.Domain.Workspaces.Migration;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

public sealed record BeginMoveInput(string UpgradeId, WorkloadMove Move);

/// <param name="IsWanted">False when something else is next.</param>
/// <param name="Try">Number of this try, among those since support was asked last.</param>
public sealed record MoveBegun(bool IsWanted, int Try, string Namespace, UpgradeNext Next);

/// <summary>Records that an app is about to be moved, so that the way back knows of it.</summary>
[DurableTask(Name)]
public sealed class BeginMove(UpgradeJournal journal) : TaskActivity<BeginMoveInput, MoveBegun>
{
    public const string Name = "UpgradeBeginMove";

    public override async Task<MoveBegun> RunAsync(TaskActivityContext context, BeginMoveInput input)
    {
        var id = UpgradeActivity.UpgradeIdOf(input.UpgradeId);
        var upgrade = await journal.Read(id, context.Stopping);
        if (upgrade.Status == UpgradeStatus.Running)
            upgrade = (await journal.Record(id, new UpgradeEvent.MoveBegun(input.Move.Workload), context.Stopping)).Value;
        var tries = upgrade.Workloads?.FirstOrDefault(workload => workload.Name == input.Move.Workload)?.FailedTries ?? 0;
        return new MoveBegun(upgrade.IsMoving(input.Move), tries + 1, upgrade.Namespace, journal.Next(upgrade));
    }
}

public sealed record RecordMoveInput(string UpgradeId, string Workload, int Try, MoveOutcome Outcome);

/// <summary>Records how the move of an app ended.</summary>
[DurableTask(Name)]
public sealed class RecordMove(UpgradeJournal journal) : TaskActivity<RecordMoveInput, UpgradeNext>
{
    public const string Name = "UpgradeRecordMove";

    public override Task<UpgradeNext> RunAsync(TaskActivityContext context, RecordMoveInput input) => journal.RecordThenNext(
        UpgradeActivity.UpgradeIdOf(input.UpgradeId),
        input.Outcome.Result switch
        {
            MoveResult.Moved => new UpgradeEvent.WorkloadMoved(input.Workload),
            MoveResult.Gone => new UpgradeEvent.WorkloadGone(input.Workload),
            var result => new UpgradeEvent.MoveFailed(
                input.Workload, input.Try, input.Outcome.Reason ?? "The move failed.", IsBack: result == MoveResult.WentBack),
        },
        context.Stopping);
}

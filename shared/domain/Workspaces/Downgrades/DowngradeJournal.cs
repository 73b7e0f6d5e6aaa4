using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces.Changes;

namespace Hexabase.Domain.Workspaces.Downgrades;

/// <summary>Puts events to downgrades, each in one commit with what it changes of the workspace and what the owner is told.</summary>
public sealed class DowngradeJournal(Journal journal, DowngradeOptions options, TimeProvider clock)
{
    /// <exception cref="InvalidOperationException">There is no such downgrade.</exception>
    public async Task<Downgrade> Read(WorkspaceChangeId id, CancellationToken ct) =>
        (await journal.Read<Downgrade>(id, ct))?.Value ?? throw new InvalidOperationException($"There is no downgrade {id}.");

    public DowngradeNext Next(Downgrade downgrade) => DowngradePlan.Next(downgrade, options, clock.GetUtcNow());

    /// <summary>When something that cannot be done now is tried again.</summary>
    public DateTimeOffset NextTry() => clock.GetUtcNow() + options.RetryAfter;

    /// <summary>Repeating an event is harmless; one that cannot happen is told by the answer.</summary>
    /// <exception cref="InvalidOperationException">It is to begin while another change of the workspace is under way.</exception>
    public Task<Recorded<Downgrade>> Record(WorkspaceChangeId id, DowngradeEvent happened, CancellationToken ct, string? by = null) =>
        journal.Record<Downgrade>(
            id, (downgrade, now) => DowngradeTransitions.Apply(downgrade, happened, now), next => Effects(next, happened), by, ct);

    /// <summary>The same, and then what is next.</summary>
    public async Task<DowngradeNext> RecordThenNext(WorkspaceChangeId id, DowngradeEvent happened, CancellationToken ct) =>
        Next((await Record(id, happened, ct)).Value);

    private SideEffects Effects(Downgrade next, DowngradeEvent happened) => happened switch
    {
        DowngradeEvent.EndScheduled when next.Status == DowngradeStatus.Waiting =>
            Tell(DowngradeNotices.Scheduled(next, clock.GetUtcNow())),
        DowngradeEvent.SubscriptionKept =>
            Tell(DowngradeNotices.Withdrawn(next, clock.GetUtcNow())) with { Workspace = w => w with { PendingDowngrade = null } },
        DowngradeEvent.Begun => new SideEffects(Workspace: workspace => Begin(workspace, next)),
        DowngradeEvent.Held or DowngradeEvent.MoveFailed when next.TimesHeld == 1 => Tell(DowngradeNotices.Held(next, clock.GetUtcNow())),
        DowngradeEvent.StepTaken { Step: DowngradeStep.LimitsApplied } => new SideEffects(Workspace: w => w with { Features = null }),
        DowngradeEvent.StepTaken { Step: DowngradeStep.NodesRemoved } => new SideEffects(Workspace: w => w with { Nodes = null }),
        DowngradeEvent.Completed => Tell(DowngradeNotices.Completed(next, clock.GetUtcNow())) with
        {
            Workspace = w => w with { Plan = WorkspacePlanName.Hobby, SubscriptionId = null },
        },
        _ => SideEffects.None,
    };

    private static Workspace Begin(Workspace workspace, Downgrade downgrade) => workspace.RunningChange is null
        ? workspace with { RunningChange = downgrade.DowngradeId, PendingDowngrade = null }
        : throw new InvalidOperationException($"{workspace.RunningChange} is under way: {downgrade.DowngradeId} cannot begin.");

    private static SideEffects Tell(Notice notice) => new(AddTo: batch => notice.AddTo(batch));
}

using System.Text.Json;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Support;

namespace Hexabase.Domain.Workspaces.Downgrades;

/// <summary>Puts events to downgrades, each in one commit with what it changes of the workspace and what the owner is told.</summary>
public sealed class DowngradeJournal(Journal journal, SupportTickets tickets, DowngradeOptions options, TimeProvider clock)
{
    /// <exception cref="InvalidOperationException">There is no such downgrade.</exception>
    public async Task<Downgrade> Read(WorkspaceChangeId id, CancellationToken ct) =>
        (await journal.Read<Downgrade>(id, ct))?.Value ?? throw new InvalidOperationException($"There is no downgrade {id}.");

    public DowngradeNext Next(Downgrade downgrade) => DowngradePlan.Next(downgrade, options, clock.GetUtcNow());

    /// <summary>When something that cannot be done now is tried again.</summary>
    public DateTimeOffset NextTry() => clock.GetUtcNow() + options.RetryAfter;

    /// <summary>
    /// Repeating an event is harmless; one that cannot happen is told by the answer. A step that is held too often is put on the operators'
    /// list, and taken off it before what comes after it is recorded: a crash in between leaves no question behind.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is to begin while another change of the workspace is under way.</exception>
    public async Task<Recorded<Downgrade>> Record(
        WorkspaceChangeId id, DowngradeEvent happened, CancellationToken ct, string? by = null)
    {
        var failure = happened switch
        {
            DowngradeEvent.Held held => held.Detail,
            DowngradeEvent.MoveFailed failed => $"{failed.Workload}: {failed.Reason}",
            _ => null,
        };
        if (failure is null && (await Read(id, ct)).NeedsSupport())
            await tickets.Close(id.ToString(), ct);
        var recorded = await journal.Record<Downgrade>(
            id, (downgrade, now) => DowngradeTransitions.Apply(downgrade, happened, now), next => Effects(next, happened), by, ct);
        if (failure is not null && recorded.Value.NeedsSupport())
            await tickets.Open(Question(id, recorded.Value, failure), ct);
        return recorded;
    }

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

    private SupportTicket Question(WorkspaceChangeId id, Downgrade downgrade, string failure) => new(
        id.ToString(),
        id.ToString(),
        id.Account,
        downgrade.WorkspaceId,
        failure,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["status"] = Word(downgrade.Status),
            ["step"] = downgrade.NextStep() is { } step ? Word(step) : "",
            ["subscription"] = downgrade.SubscriptionId,
        },
        clock.GetUtcNow(),
        downgrade.CorrelationId);

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static SideEffects Tell(Notice notice) => new(AddTo: batch => notice.AddTo(batch));
}

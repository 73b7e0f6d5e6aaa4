using FluentValidation;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces.Changes;

namespace Hexabase.Domain.Workspaces.Downgrades;

/// <summary>Asks for plan hobby from the end of the paid period on.</summary>
/// <param name="IdempotencyKey">A repeat with the same key gets the same downgrade.</param>
public sealed record StartDowngrade(string AccountId, string? IdempotencyKey, string CorrelationId);

/// <summary>Only a workspace with a running subscription to plan pro can do this.</summary>
public sealed record WorkspaceNotOnPro() : Refusal(
    RefusalKind.Conflict, "WORKSPACE_NOT_ON_PRO", "The workspace is not on plan pro. See /api/workspace/plan.");

/// <summary>It goes back to hobby already.</summary>
public sealed record DowngradePending : Refusal
{
    public DowngradePending(string pending) : base(
        RefusalKind.Conflict, "DOWNGRADE_PENDING", "A downgrade waits for the end of the paid period already.") =>
        Members = new Dictionary<string, object>(StringComparer.Ordinal) { ["pending"] = pending };
}

/// <summary>
/// Accepts downgrades. One does not stand in the way of other changes until it begins: it is the workspace's
/// <see cref="Workspace.PendingDowngrade"/> until then.
/// </summary>
public sealed class StartDowngradeHandler(
    IDocumentStore documents, ICluster cluster, Plans plans, NewChanges changes, TimeProvider clock)
{
    private static readonly Validator Rules = new();

    /// <summary>
    /// The downgrade, with what is over hobby's limits now, or nothing of that when the cluster does not tell: a subscription must be let end
    /// without it. The same one for a repeat; or why not.
    /// </summary>
    public async Task<Result<Downgrade>> Handle(StartDowngrade ask, CancellationToken ct)
    {
        if (Rules.FirstProblem(ask) is { } invalid)
            return invalid;
        if (await Workspace.Read(documents, ask.AccountId, ct) is not { } found)
            return new AccountGone();
        var usage = await WorkspaceUsage.TryRead(cluster, found.Value, clock, ct) ?? WorkspaceUsage.None;
        var request = new ChangeRequest(ask.AccountId, WorkspaceChangeKind.Downgrade, ask.IdempotencyKey!, Sha256Hex.Of("downgrade"));
        return await changes.Begin<Downgrade>(
            request, (id, workspace, now) => Decide(ask, id, workspace, usage.Over(plans.Workspaces.Hobby), now), ct);
    }

    private static Result<NewChange<Downgrade>> Decide(
        StartDowngrade ask, WorkspaceChangeId id, Workspace workspace, IReadOnlyList<LimitedUse> overLimits, DateTimeOffset now)
    {
        if (workspace is not { Plan: WorkspacePlanName.Pro, SubscriptionId: { } subscription })
            return new WorkspaceNotOnPro();
        if (workspace.PendingDowngrade is { } pending)
            return new DowngradePending(pending);
        var downgrade = new Downgrade(
            id.ToString(), workspace.Id, workspace.Namespace, DowngradeStatus.Waiting, subscription, overLimits, now, ask.CorrelationId);
        return new NewChange<Downgrade>(downgrade, workspace with { PendingDowngrade = id.ToString() }, LimitedUse.Tell(overLimits));
    }

    private sealed class Validator : AbstractValidator<StartDowngrade>
    {
        public Validator() => RuleFor(x => x.IdempotencyKey).IsIdempotencyKey();
    }
}

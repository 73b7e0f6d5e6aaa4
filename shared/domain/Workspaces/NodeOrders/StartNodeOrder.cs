using FluentValidation;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Downgrades;

namespace Hexabase.Domain.Workspaces.NodeOrders;

/// <summary>Orders one more dedicated node.</summary>
/// <param name="IdempotencyKey">A repeat with the same key gets the same order.</param>
/// <param name="Size">One of plans.json's node sizes.</param>
/// <param name="Region">One of plans.json's regions.</param>
/// <param name="TermsAccepted">Must be true: it costs money from now on.</param>
public sealed record StartNodeOrder(
    string AccountId, string? IdempotencyKey, string? Size, string? Region, bool TermsAccepted, string CorrelationId);

/// <summary>
/// Accepts node orders, also while a downgrade waits for the end of the paid period: the node is paid for until then, and goes with it.
/// </summary>
public sealed class StartNodeOrderHandler(Plans plans, NewChanges changes)
{
    private static readonly Validator Rules = new();

    /// <summary>The order, the same one for a repeat; or why not.</summary>
    public async Task<Result<NodeOrder>> Handle(StartNodeOrder ask, CancellationToken ct)
    {
        if (Rules.FirstProblem(ask) is { } invalid)
            return invalid;
        if (NodeChoice.Refuse(plans.Workspaces, ask.Size, ask.Region) is { } impossible)
            return impossible;
        var request = new ChangeRequest(
            ask.AccountId, WorkspaceChangeKind.NodeOrder, ask.IdempotencyKey!, Sha256Hex.Of($"node\n{ask.Size}\n{ask.Region}"));
        return await changes.Begin<NodeOrder>(request, (id, workspace, now) => Decide(ask, id, workspace, now), ct);
    }

    private Result<NewChange<NodeOrder>> Decide(StartNodeOrder ask, WorkspaceChangeId id, Workspace workspace, DateTimeOffset now)
    {
        if (workspace is not { Plan: WorkspacePlanName.Pro, SubscriptionId: { } subscription })
            return new WorkspaceNotOnPro();
        var order = new NodeOrder(
            id.ToString(),
            workspace.Id,
            workspace.Namespace,
            NodeOrderStatus.Paying,
            WorkspaceNode.NameFor(id),
            OrderedNodeState.None,
            ask.Size!,
            ask.Region!,
            plans.Workspaces.NodeSizes[ask.Size!].Price,
            subscription,
            now,
            ask.CorrelationId);
        return new NewChange<NodeOrder>(order, workspace with { RunningChange = id.ToString() }, $"{ask.Size} in {ask.Region}");
    }

    private sealed class Validator : AbstractValidator<StartNodeOrder>
    {
        public Validator()
        {
            ClassLevelCascadeMode = CascadeMode.Stop;
            RuleFor(x => x.IdempotencyKey).IsIdempotencyKey();
            RuleFor(x => x.TermsAccepted).Equal(true)
                .OverridePropertyName("terms_accepted").WithMessage("terms_accepted must be true: the node is charged from now on.");
        }
    }
}

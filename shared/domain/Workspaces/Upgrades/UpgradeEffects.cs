using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces.Changes;

namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>What an event of an upgrade changes on the workspace, and what its owner is told, in the same commit.</summary>
internal static class UpgradeEffects
{
    public static SideEffects Of(Upgrade upgrade, UpgradeEvent happened, Plans plans, DateTimeOffset now)
    {
        var notice = NoticeOf(upgrade, happened, now);
        return new SideEffects(
            OnWorkspace(upgrade, happened, plans, now),
            notice is null ? null : batch => notice.AddTo(batch));
    }

    private static Func<Workspace, Workspace>? OnWorkspace(
        Upgrade upgrade, UpgradeEvent happened, Plans plans, DateTimeOffset now) => happened switch
        {
            UpgradeEvent.CustomerKnown known => workspace => workspace with { CustomerId = known.CustomerId },
            UpgradeEvent.PlanChanged => workspace => workspace with
            {
                Plan = WorkspacePlanName.Pro,
                SubscriptionId = upgrade.Payment.SubscriptionId,
            },
            UpgradeEvent.NodeAsked => workspace => workspace with
            {
                Status = WorkspaceStatus.Ready,
                Nodes = [.. OtherNodes(workspace, upgrade), NodeOf(upgrade, now)],
            },
            UpgradeEvent.NodeGone => workspace => workspace with { Nodes = [.. OtherNodes(workspace, upgrade)] },
            UpgradeEvent.FeaturesEnabled => workspace => workspace with { Features = plans.Workspaces.Pro.Features },
            UpgradeEvent.FeaturesUndone => workspace => workspace with { Features = null },
            UpgradeEvent.PlanUndone => workspace => workspace with { Plan = WorkspacePlanName.Hobby, SubscriptionId = null },
            _ => null,
        };

    /// <summary>Told when an upgrade begins to wait for its owner or for support, and when it ends.</summary>
    private static Notice? NoticeOf(Upgrade upgrade, UpgradeEvent happened, DateTimeOffset now) => upgrade.Status switch
    {
        UpgradeStatus.WaitingForPayment
            when happened is UpgradeEvent.PaymentRefused
                or UpgradeEvent.MethodNeedsAuthentication
                or UpgradeEvent.PaymentNeedsAuthentication => Notice.New(
            "upgrade_needs_you",
            "Your upgrade waits for you",
            $"{upgrade.Failure?.Detail} {upgrade.WaitingFor!.Detail}".TrimStart(),
            upgrade.UpgradeId,
            now),
        UpgradeStatus.NeedsSupport
            when upgrade.Ticket is { Stage: TicketStage.ToOpen }
                && (happened is UpgradeEvent.NodeFailed or UpgradeEvent.MoveFailed or UpgradeEvent.Troubled) => Notice.New(
            "upgrade_held",
            "Your upgrade takes longer",
            $"{upgrade.Failure?.Detail} Our support looks into it; your workspace works on meanwhile.",
            upgrade.UpgradeId,
            now),
        UpgradeStatus.Completed => Notice.New(
            "upgrade_completed",
            "Your workspace is on plan Pro",
            $"Your apps run on a dedicated node in {upgrade.Node.Region}; backups, storage and AIOps are switched on.",
            upgrade.UpgradeId,
            now),
        UpgradeStatus.Cancelled => Notice.New(
            "upgrade_cancelled",
            "The upgrade was cancelled",
            "You pay nothing for it. You can start again at any time.",
            upgrade.UpgradeId,
            now),
        UpgradeStatus.Abandoned => Notice.New(
            "upgrade_abandoned",
            "The upgrade could not be finished",
            "Your workspace is as it was on plan Hobby, and the payment has been given back in full.",
            upgrade.UpgradeId,
            now),
        _ => null,
    };

    private static WorkspaceNode NodeOf(Upgrade upgrade, DateTimeOffset now) =>
        new(upgrade.Node.Name, upgrade.Node.Size, upgrade.Node.Region, Included: true, upgrade.UpgradeId, now);

    private static IEnumerable<WorkspaceNode> OtherNodes(Workspace workspace, Upgrade upgrade) =>
        workspace.Nodes?.Where(node => node.Name != upgrade.Node.Name) ?? [];
}

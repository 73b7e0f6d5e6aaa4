using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces.Migration;

namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>What the saga does next.</summary>
public enum UpgradeAction
{
    /// <summary>Nothing any more.</summary>
    Finish,

    /// <summary>Until a time, or until the owner answers; then <see cref="CheckPayment"/>.</summary>
    AwaitPayment,

    /// <summary>Until a time, or until support answers.</summary>
    AwaitSupport,

    SetUpPaymentMethod,
    TakePayment,

    /// <summary>Asks the provider how what the owner is to authenticate stands.</summary>
    CheckPayment,

    /// <summary>Ends what was begun at the provider, and with it the upgrade.</summary>
    EndUnpaid,

    ChangePlan,
    AskForNode,

    /// <summary>Waits until the node is ready or its try has failed.</summary>
    ProvisionNode,

    /// <summary>Gives the node back and waits until it is gone.</summary>
    RemoveNode,

    ListWorkloads,
    MoveWorkload,
    EnableFeatures,
    Announce,
    OpenTicket,
    CloseTicket,
    UndoFeatures,
    UndoNode,
    UndoPlan,
    UndoPayment,
}

/// <param name="Until">Of a wait: when it ends by itself.</param>
/// <param name="Node">Of what is done to the node.</param>
/// <param name="Move">Of an app's move.</param>
public sealed record UpgradeNext(UpgradeAction Action, DateTimeOffset? Until = null, DedicatedNode? Node = null, WorkloadMove? Move = null);

/// <summary>
/// Says what an upgrade's saga does next, from its document alone: that is what makes it resume anywhere. No I/O, no clock.
/// </summary>
public static class UpgradePlan
{
    public static UpgradeNext Next(Upgrade upgrade, Plans plans, UpgradeOptions options, DateTimeOffset now)
    {
        if (upgrade.IsFinished())
            return new UpgradeNext(UpgradeAction.Finish);
        if (upgrade.Ticket is { Stage: not TicketStage.Open and var stage })
            return new UpgradeNext(stage == TicketStage.ToOpen ? UpgradeAction.OpenTicket : UpgradeAction.CloseTicket);
        var hasFailedNode = upgrade.Node.State == UpgradeNodeState.Failed;
        var isHeld = upgrade.Status == UpgradeStatus.NeedsSupport && upgrade.RetryAt > now;
        return upgrade.Status switch
        {
            // A failed node is not kept until the next try, nor while support thinks.
            UpgradeStatus.Running or UpgradeStatus.NeedsSupport when hasFailedNode && !isHeld =>
                new UpgradeNext(UpgradeAction.RemoveNode, Node: NodeOf(upgrade, plans)),
            UpgradeStatus.NeedsSupport => new UpgradeNext(UpgradeAction.AwaitSupport, isHeld ? upgrade.RetryAt : now + options.SupportPoll),
            _ when upgrade.RetryAt is { } retryAt && retryAt > now => new UpgradeNext(UpgradeAction.AwaitSupport, retryAt),
            UpgradeStatus.Compensating => Back(upgrade, plans),
            _ => Forward(upgrade, plans, options, now),
        };
    }

    /// <summary>Whether it is moving this app this way now.</summary>
    public static bool IsMoving(this Upgrade upgrade, WorkloadMove move)
    {
        var workload = upgrade.Workload(move.Workload);
        return move.To == Placement.DedicatedNodes
            ? upgrade.Status == UpgradeStatus.Running && workload?.State == WorkloadState.Moving
            : upgrade.Status == UpgradeStatus.Compensating && workload?.State is WorkloadState.Moving or WorkloadState.Moved;
    }

    private static UpgradeNext Forward(
        Upgrade upgrade, Plans plans, UpgradeOptions options, DateTimeOffset now) => upgrade.CurrentStep() switch
        {
            UpgradeStepName.PaymentMethod or UpgradeStepName.Payment when upgrade.CancelReason is not null =>
                new UpgradeNext(UpgradeAction.EndUnpaid),
            UpgradeStepName.PaymentMethod or UpgradeStepName.Payment when upgrade.Status == UpgradeStatus.WaitingForPayment =>
                upgrade.WaitingFor?.Until <= now
                    ? new UpgradeNext(UpgradeAction.EndUnpaid)
                    : new UpgradeNext(UpgradeAction.AwaitPayment, Earlier(upgrade.WaitingFor?.Until, now + options.PaymentPoll)),
            UpgradeStepName.PaymentMethod => new UpgradeNext(UpgradeAction.SetUpPaymentMethod),
            UpgradeStepName.Payment => new UpgradeNext(UpgradeAction.TakePayment),
            UpgradeStepName.Plan => new UpgradeNext(UpgradeAction.ChangePlan),
            UpgradeStepName.Node => upgrade.Node.State == UpgradeNodeState.None
                ? new UpgradeNext(UpgradeAction.AskForNode)
                : new UpgradeNext(UpgradeAction.ProvisionNode, Node: NodeOf(upgrade, plans)),
            UpgradeStepName.Migration => Migration(upgrade, now),
            UpgradeStepName.Features => new UpgradeNext(UpgradeAction.EnableFeatures),
            _ => new UpgradeNext(UpgradeAction.Announce),
        };

    /// <summary>One app after the other; those that went back come last. Then once more: apps may have come meanwhile.</summary>
    private static UpgradeNext Migration(Upgrade upgrade, DateTimeOffset now)
    {
        var left = upgrade.Workloads?
            .Where(workload => workload.State is WorkloadState.Pending or WorkloadState.Moving)
            .OrderBy(workload => workload.FailedTries)
            .ToArray() ?? [];
        if (left.Length == 0)
            return new UpgradeNext(UpgradeAction.ListWorkloads);
        if (left.FirstOrDefault(workload => workload.RetryAt is null || workload.RetryAt <= now) is { } next)
            return new UpgradeNext(UpgradeAction.MoveWorkload, Move: MoveOf(next, Placement.DedicatedNodes));
        return new UpgradeNext(UpgradeAction.AwaitSupport, left.Min(workload => workload.RetryAt));
    }

    private static UpgradeNext Back(Upgrade upgrade, Plans plans) => upgrade.StepToUndo() switch
    {
        UpgradeStepName.Features => new UpgradeNext(UpgradeAction.UndoFeatures),
        UpgradeStepName.Migration => new UpgradeNext(
            UpgradeAction.MoveWorkload, Move: MoveOf(upgrade.WorkloadToMoveBack()!, Placement.SharedPool)),
        UpgradeStepName.Node when upgrade.Node.State != UpgradeNodeState.None =>
            new UpgradeNext(UpgradeAction.RemoveNode, Node: NodeOf(upgrade, plans)),
        UpgradeStepName.Node => new UpgradeNext(UpgradeAction.UndoNode),
        UpgradeStepName.Plan => new UpgradeNext(UpgradeAction.UndoPlan),
        _ => new UpgradeNext(UpgradeAction.UndoPayment),
    };

    private static WorkloadMove MoveOf(UpgradeWorkload workload, Placement to) =>
        new(workload.Name, to, workload is { Replicas: 1, Ready: 1, State: not WorkloadState.Moved });

    private static DedicatedNode NodeOf(Upgrade upgrade, Plans plans)
    {
        var size = plans.Workspaces.NodeSizes[upgrade.Node.Size];
        return new DedicatedNode(
            upgrade.Namespace, upgrade.WorkspaceId, upgrade.Node.Name, upgrade.Node.Size, upgrade.Node.Region, size.Cpus, size.MemoryGb);
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;
}

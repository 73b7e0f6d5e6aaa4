using System.Globalization;
using System.Text.Json;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces.Changes;

namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>
/// The state machine of an upgrade. No clock, no I/O. An event that has had its effect has none again; one that cannot happen to the
/// upgrade as it stands is refused and changes nothing; nothing changes a finished upgrade.
/// </summary>
public static class UpgradeTransitions
{
    private const int LongestDetail = 500;

    /// <summary>What the owner is told of a technical failure; its text is for operators.</summary>
    private const string StepFailed = "A step could not be done.";

    private static readonly Transition<Upgrade> Repeated = new Transition<Upgrade>.Repeated();

    public static Transition<Upgrade> Apply(Upgrade upgrade, UpgradeEvent happened, UpgradeOptions options, DateTimeOffset now)
    {
        var transition = upgrade.IsFinished() ? Finished(upgrade, happened) : happened switch
        {
            UpgradeEvent.Troubled troubled => Trouble(upgrade, troubled, options, now),
            UpgradeEvent.TicketOpened opened => Opened(upgrade, opened),
            UpgradeEvent.TicketClosed closed => Closed(upgrade, closed),
            UpgradeEvent.SupportRetried or UpgradeEvent.SupportPlaced or UpgradeEvent.SupportAborted => Answered(upgrade, happened, now),
            _ => upgrade.Status switch
            {
                UpgradeStatus.Running or UpgradeStatus.WaitingForPayment => Forward(upgrade, happened, options, now),
                UpgradeStatus.Compensating => Back(upgrade, happened, options, now),
                _ => happened is UpgradeEvent.NodeGone ? FailedNodeGone(upgrade, happened) : Refuse(upgrade, happened),
            },
        };
        return transition is Transition<Upgrade>.Moved moved ? moved with { Next = WithPercent(upgrade, moved.Next) } : transition;
    }

    /// <summary>The last event of an upgrade may come twice.</summary>
    private static Transition<Upgrade> Finished(Upgrade upgrade, UpgradeEvent happened) => (upgrade.Status, happened) switch
    {
        (UpgradeStatus.Completed, UpgradeEvent.Announced)
            or (UpgradeStatus.Cancelled, UpgradeEvent.Cancelled)
            or (UpgradeStatus.Abandoned, UpgradeEvent.PaymentUndone) => Repeated,
        _ => Refuse(upgrade, happened),
    };

    private static Transition<Upgrade> Forward(Upgrade upgrade, UpgradeEvent happened, UpgradeOptions options, DateTimeOffset now) =>
        upgrade.CurrentStep() switch
        {
            UpgradeStepName.PaymentMethod or UpgradeStepName.Payment => Paying(upgrade, happened, options, now),
            UpgradeStepName.Node => Provisioning(upgrade, happened, options, now),
            UpgradeStepName.Migration => Migrating(upgrade, happened, options, now),
            var step => (step, happened) switch
            {
                (UpgradeStepName.Plan, UpgradeEvent.PlanChanged) => Move(upgrade.Finish(now), happened),
                (UpgradeStepName.Features, UpgradeEvent.FeaturesEnabled) => Move(upgrade.Finish(now), happened),
                (UpgradeStepName.Notice, UpgradeEvent.Announced) => Move(
                    upgrade.Finish(now) with { Status = UpgradeStatus.Completed, FinishedAt = now, Failure = null }, happened),
                _ => RepeatedOrRefused(upgrade, happened),
            },
        };

    private static Transition<Upgrade> Paying(Upgrade upgrade, UpgradeEvent happened, UpgradeOptions options, DateTimeOffset now)
    {
        var payment = upgrade.Payment;
        var step = upgrade.CurrentStep();
        switch (happened)
        {
            case UpgradeEvent.CustomerKnown known:
                return payment.CustomerId is not null
                    ? Repeated
                    : Move(upgrade with { Payment = payment with { CustomerId = known.CustomerId } }, happened);
            case UpgradeEvent.MethodAccepted accepted when step == UpgradeStepName.PaymentMethod && upgrade.CancelReason is null:
                var usable = payment with { Chargeable = accepted.Chargeable, SetupId = null };
                return Move((Go(upgrade) with { Payment = usable, Failure = null }).Finish(now), happened);
            case UpgradeEvent.MethodNeedsAuthentication asked when step == UpgradeStepName.PaymentMethod && upgrade.CancelReason is null:
                return payment.SetupId == asked.SetupId
                    ? Repeated
                    : Move(
                        AskOwner(
                            upgrade, options, now, WaitingKind.Authentication, "Confirm the payment method with your bank.", asked.ClientSecret)
                            with { Payment = payment with { SetupId = asked.SetupId } },
                        happened);
            case UpgradeEvent.PaymentBegun when step == UpgradeStepName.Payment:
                return payment.BegunAt is not null
                    ? Repeated
                    : Move(upgrade with { Payment = payment with { BegunAt = now } }, happened, $"attempt {payment.Attempt}");
            case UpgradeEvent.PaymentNeedsAuthentication asked when step == UpgradeStepName.Payment && upgrade.CancelReason is null:
                return upgrade.WaitingFor?.Kind == WaitingKind.Authentication
                    ? Repeated
                    : Move(
                        AskOwner(upgrade, options, now, WaitingKind.Authentication, "Confirm the payment with your bank.", asked.ClientSecret)
                            with { Payment = payment with { SubscriptionId = asked.SubscriptionId } },
                        happened);
            case UpgradeEvent.PaymentProcessing processing when step == UpgradeStepName.Payment && upgrade.CancelReason is null:
                return upgrade.WaitingFor?.Kind == WaitingKind.PaymentProvider
                    ? Repeated
                    : Move(
                        AskOwner(upgrade, options, now, WaitingKind.PaymentProvider, "The payment is being processed.", clientSecret: null)
                            with { Payment = payment with { SubscriptionId = processing.SubscriptionId } },
                        happened);
            case UpgradeEvent.PaymentRefused refused when upgrade.CancelReason is null:
                return Refused(upgrade, refused.Refusal, options, now);
            case UpgradeEvent.PaymentTaken taken:
                return Taken(upgrade, taken, now);
            case UpgradeEvent.UnpaidEnded ended:
                return payment.SubscriptionId == ended.SubscriptionId
                    ? Move(upgrade with { Payment = payment with { SubscriptionId = null } }, happened)
                    : Repeated;
            case UpgradeEvent.MethodChanged changed when upgrade.Status == UpgradeStatus.WaitingForPayment && upgrade.CancelReason is null:
                return Move(WithMethod(upgrade, changed.Method, now), happened);
            case UpgradeEvent.CancelAsked asked when upgrade.Status == UpgradeStatus.WaitingForPayment || upgrade.CancelReason is not null:
                return upgrade.CancelReason is not null ? Repeated : Move(upgrade with { CancelReason = asked.Reason }, happened, asked.Reason);
            case UpgradeEvent.Cancelled when upgrade.CancelReason is { } reason && payment.SubscriptionId is null:
                return Move(
                    Go(upgrade) with
                    {
                        Status = UpgradeStatus.Cancelled,
                        FinishedAt = now,
                        Failure = upgrade.Failure ?? new UpgradeFailure("CANCELLED", reason),
                    },
                    happened,
                    reason);
            default:
                return RepeatedOrRefused(upgrade, happened);
        }
    }

    private static Transition<Upgrade> Refused(Upgrade upgrade, PaymentRefusal refusal, UpgradeOptions options, DateTimeOffset now)
    {
        if (upgrade.WaitingFor?.Kind == WaitingKind.PaymentMethod)
            return Repeated;
        var waiting = AskOwner(upgrade, options, now, WaitingKind.PaymentMethod, "Give another payment method.", clientSecret: null);
        return Move(
            waiting with
            {
                Failure = UpgradeFailure.Of(refusal),
                Payment = upgrade.Payment with { SetupId = null, SubscriptionId = null, BegunAt = null },
            },
            new UpgradeEvent.PaymentRefused(refusal),
            refusal.DeclineCode is { } decline ? $"{refusal.Code}: {decline}" : refusal.Code);
    }

    /// <summary>Also while another method was asked for, or the end: money that is there counts.</summary>
    private static Transition<Upgrade> Taken(Upgrade upgrade, UpgradeEvent.PaymentTaken taken, DateTimeOffset now)
    {
        var paid = Go(upgrade) with
        {
            Failure = null,
            Payment = upgrade.Payment with
            {
                SubscriptionId = taken.SubscriptionId,
                SetupId = null,
                IsPaid = true,
                PaymentId = taken.PaymentId,
                InvoiceId = taken.InvoiceId,
                Jpy = taken.Jpy,
                PeriodEnd = taken.PeriodEnd,
            },
        };
        if (paid.CurrentStep() == UpgradeStepName.PaymentMethod)
            paid = paid.Finish(now);
        paid = paid.Finish(now);
        if (paid.CancelReason is { } reason)
            paid = Undo(paid, new UpgradeFailure("CANCELLED", reason), now);
        return Move(paid, taken, string.Create(CultureInfo.InvariantCulture, $"¥{taken.Jpy}"));
    }

    private static Upgrade WithMethod(Upgrade upgrade, string method, DateTimeOffset now)
    {
        var steps = upgrade.Steps.ToArray();
        foreach (var name in (ReadOnlySpan<UpgradeStepName>)[UpgradeStepName.PaymentMethod, UpgradeStepName.Payment])
            steps[(int)name] = steps[(int)name] with { State = StepState.Pending, FinishedAt = null };
        var payment = upgrade.Payment with
        {
            Method = method,
            Attempt = upgrade.Payment.Attempt + 1,
            Chargeable = null,
            SetupId = null,
            BegunAt = null,
        };
        return (Go(upgrade) with { Steps = steps, Payment = payment, Failure = null }).BeginStep(UpgradeStepName.PaymentMethod, now);
    }

    private static Transition<Upgrade> Provisioning(Upgrade upgrade, UpgradeEvent happened, UpgradeOptions options, DateTimeOffset now)
    {
        var node = upgrade.Node;
        switch (happened)
        {
            case UpgradeEvent.NodeAsked:
                return node.State != UpgradeNodeState.None
                    ? Repeated
                    : Move(Go(upgrade) with { Node = node with { State = UpgradeNodeState.Asked } }, happened, $"{node.Size} in {node.Region}");
            case UpgradeEvent.NodeReady ready when node.State == UpgradeNodeState.Asked:
                var with = upgrade with { Node = node with { State = UpgradeNodeState.Ready, NodeName = ready.NodeName } };
                return Move(with.Finish(now) with { Failure = null }, happened, ready.NodeName);
            case UpgradeEvent.NodeFailed failed when node.State == UpgradeNodeState.Asked:
                var lost = NodeLost(upgrade, failed, options, now);
                return Move(lost, happened, lost.Failure!.Detail);
            case UpgradeEvent.NodeFailed when node.State == UpgradeNodeState.Failed:
                return Repeated;
            case UpgradeEvent.NodeGone:
                return FailedNodeGone(upgrade, happened);
            default:
                return RepeatedOrRefused(upgrade, happened);
        }
    }

    private static Transition<Upgrade> FailedNodeGone(Upgrade upgrade, UpgradeEvent happened) => upgrade.Node.State switch
    {
        UpgradeNodeState.Failed => Move(
            upgrade with
            {
                Node = upgrade.Node with { State = UpgradeNodeState.None },
                RetryAt = upgrade.Status == UpgradeStatus.NeedsSupport ? null : upgrade.RetryAt,
            },
            happened),
        UpgradeNodeState.None => Repeated,
        _ => Refuse(upgrade, happened),
    };

    /// <summary>The node failed once more: another try after a while, or support once there were enough.</summary>
    private static Upgrade NodeLost(Upgrade upgrade, UpgradeEvent.NodeFailed failed, UpgradeOptions options, DateTimeOffset now)
    {
        var failure = failed.Reason == NodeState.Shortage
            ? new UpgradeFailure("NODE_SHORTAGE", $"There is no node of size {upgrade.Node.Size} to be had in {upgrade.Node.Region} now.")
            : new UpgradeFailure("NODE_FAILED", "The node did not become ready.");
        var tries = upgrade.Node.FailedTries + 1;
        var reason = failed.Message is { } message ? Bounded($"{failed.Reason}: {message}") : failed.Reason;
        var lost = upgrade with
        {
            Failure = failure,
            Node = upgrade.Node with { State = UpgradeNodeState.Failed, FailedTries = tries, LastFailure = reason },
        };
        if (tries >= options.Node.Attempts)
            return AskSupport(lost, failure, now, failure.Detail);
        var retryAt = now + options.Node.DelayAfter(tries);
        return lost.BeginStep(UpgradeStepName.Node, now) with
        {
            RetryAt = retryAt,
            WaitingFor = new WaitingFor(WaitingKind.NodeRetry, failure.Detail, retryAt),
        };
    }

    private static Transition<Upgrade> Migrating(Upgrade upgrade, UpgradeEvent happened, UpgradeOptions options, DateTimeOffset now)
    {
        switch (happened)
        {
            case UpgradeEvent.WorkloadsListed listed:
                return Listed(upgrade, listed, now);
            case UpgradeEvent.MoveBegun begun when upgrade.Workload(begun.Workload) is { } workload:
                return workload.State != WorkloadState.Pending
                    ? Repeated
                    : Move(Go(upgrade).With(workload with { State = WorkloadState.Moving, RetryAt = null }), happened, workload.Name);
            case UpgradeEvent.MovePaused paused when upgrade.Workload(paused.Workload) is { State: WorkloadState.Moving } workload:
                return upgrade.WaitingFor?.Kind == WaitingKind.SlowWorkload
                    ? Repeated
                    : Move(
                        upgrade with
                        {
                            WaitingFor = new WaitingFor(WaitingKind.SlowWorkload, $"{workload.Name} answers slowly; its move is held."),
                        },
                        happened,
                        workload.Name);
            case UpgradeEvent.MoveResumed resumed when upgrade.Workload(resumed.Workload) is { State: WorkloadState.Moving } workload:
                return upgrade.WaitingFor?.Kind != WaitingKind.SlowWorkload ? Repeated : Move(Go(upgrade), happened, workload.Name);
            case UpgradeEvent.WorkloadMoved arrived when upgrade.Workload(arrived.Workload) is { State: not WorkloadState.Gone } workload:
                return workload.State == WorkloadState.Moved
                    ? Repeated
                    : Move(
                        AwaitRetry(Go(upgrade).With(workload with { State = WorkloadState.Moved, Detail = null }), now),
                        happened,
                        workload.Name);
            case UpgradeEvent.WorkloadGone gone when upgrade.Workload(gone.Workload) is { } workload:
                return workload.State == WorkloadState.Gone
                    ? Repeated
                    : Move(AwaitRetry(Go(upgrade).With(workload with { State = WorkloadState.Gone }), now), happened, workload.Name);
            case UpgradeEvent.MoveFailed failed when upgrade.Workload(failed.Workload) is { } workload && workload.FailedTries >= failed.Try:
                return Repeated;
            case UpgradeEvent.MoveFailed failed when upgrade.Workload(failed.Workload) is { State: WorkloadState.Moving } workload:
                return Move(MoveLost(upgrade, workload, failed, options, now), happened, $"{workload.Name}: {Bounded(failed.Reason)}");
            default:
                return RepeatedOrRefused(upgrade, happened);
        }
    }

    /// <summary>Takes up new apps; when there are none and all others are moved, the step is done.</summary>
    private static Transition<Upgrade> Listed(Upgrade upgrade, UpgradeEvent.WorkloadsListed listed, DateTimeOffset now)
    {
        var known = upgrade.Workloads ?? [];
        var found = listed.Workloads
            .Where(workload => upgrade.Workload(workload.Name) is null)
            .Select(workload => new UpgradeWorkload(
                workload.Name,
                workload.Replicas,
                Math.Min(workload.Ready, workload.Replicas),
                workload is { Placement: Placement.DedicatedNodes, HasSettled: true } ? WorkloadState.Moved : WorkloadState.Pending))
            .ToArray();
        var with = upgrade with { Workloads = [.. known, .. found] };
        if (with.Workloads.All(workload => workload.State is WorkloadState.Moved or WorkloadState.Gone))
            return Move(with.Finish(now) with { Failure = null }, listed, $"{with.Workloads.Count} apps");
        return found.Length == 0 && upgrade.Workloads is not null ? Repeated : Move(with, listed, $"{found.Length} apps to move");
    }

    private static Upgrade MoveLost(
        Upgrade upgrade, UpgradeWorkload workload, UpgradeEvent.MoveFailed failed, UpgradeOptions options, DateTimeOffset now)
    {
        var tries = workload.FailedTries + 1;
        var reason = Bounded(failed.Reason);
        var back = Go(upgrade).With(workload with
        {
            State = failed.IsBack ? WorkloadState.Pending : WorkloadState.Moving,
            FailedTries = tries,
            RetryAt = now + options.Migration.RetryAfter,
            Detail = reason,
        });
        var failure = new UpgradeFailure("WORKLOAD_NOT_MOVED", $"{workload.Name}: {reason}");
        return tries >= options.Migration.Attempts
            ? AskSupport(back, failure, now, failure.Detail)
            : AwaitRetry(back with { Failure = failure }, now);
    }

    /// <summary>Says so when all that is left are apps that went back and are not tried again yet.</summary>
    private static Upgrade AwaitRetry(Upgrade upgrade, DateTimeOffset now)
    {
        var left = upgrade.Workloads!.Where(workload => workload.State is WorkloadState.Pending or WorkloadState.Moving).ToArray();
        if (left.Length == 0 || left.Any(workload => workload.RetryAt is null || workload.RetryAt <= now))
            return upgrade;
        var next = left.MinBy(workload => workload.RetryAt)!;
        return upgrade with
        {
            WaitingFor = new WaitingFor(WaitingKind.WorkloadRetry, $"{next.Name} went back and is tried again.", next.RetryAt),
        };
    }

    private static Transition<Upgrade> Back(Upgrade upgrade, UpgradeEvent happened, UpgradeOptions options, DateTimeOffset now)
    {
        var step = upgrade.StepToUndo();
        switch (happened)
        {
            case UpgradeEvent.FeaturesUndone when step == UpgradeStepName.Features:
                return Move(Undone(upgrade, UpgradeStepName.Features, now), happened);
            case UpgradeEvent.WorkloadMoved back when upgrade.Workload(back.Workload) is { } workload:
                return workload.State is WorkloadState.Pending or WorkloadState.Gone
                    ? Repeated
                    : MoveBack(upgrade, workload with { State = WorkloadState.Pending, Detail = null }, happened, now);
            case UpgradeEvent.WorkloadGone gone when upgrade.Workload(gone.Workload) is { } workload:
                return workload.State == WorkloadState.Gone
                    ? Repeated
                    : MoveBack(upgrade, workload with { State = WorkloadState.Gone }, happened, now);
            case UpgradeEvent.MoveFailed failed
                when upgrade.Workload(failed.Workload) is { State: WorkloadState.Moving or WorkloadState.Moved }:
                return Trouble(upgrade, new UpgradeEvent.Troubled($"{failed.Workload} does not go back: {failed.Reason}"), options, now);
            case UpgradeEvent.NodeGone when step == UpgradeStepName.Node:
                return upgrade.Node.State == UpgradeNodeState.None
                    ? Repeated
                    : Move(Go(upgrade) with { Node = upgrade.Node with { State = UpgradeNodeState.None, NodeName = null } }, happened);
            case UpgradeEvent.NodeUndone when step == UpgradeStepName.Node && upgrade.Node.State == UpgradeNodeState.None:
                return Move(Undone(upgrade, UpgradeStepName.Node, now), happened);
            case UpgradeEvent.PlanUndone when step == UpgradeStepName.Plan:
                return Move(Undone(upgrade, UpgradeStepName.Plan, now), happened);
            case UpgradeEvent.CustomerKnown or UpgradeEvent.PaymentBegun or UpgradeEvent.MovePaused or UpgradeEvent.MoveResumed:
                return Repeated;
            case UpgradeEvent.PaymentTaken taken when step == UpgradeStepName.Payment && !upgrade.Payment.IsPaid:
                var payment = upgrade.Payment with
                {
                    SubscriptionId = taken.SubscriptionId,
                    IsPaid = true,
                    PaymentId = taken.PaymentId,
                    InvoiceId = taken.InvoiceId,
                    Jpy = taken.Jpy,
                    PeriodEnd = taken.PeriodEnd,
                };
                return Move(upgrade with { Payment = payment }, happened);
            case UpgradeEvent.PaymentUndone undone when step is UpgradeStepName.Payment or null:
                var refunded = Undone(upgrade, UpgradeStepName.Payment, now);
                return Move(
                    refunded with
                    {
                        Status = UpgradeStatus.Abandoned,
                        FinishedAt = now,
                        Ticket = null,
                        Payment = refunded.Payment with { RefundId = undone.RefundId, RefundedJpy = undone.Jpy },
                    },
                    happened,
                    string.Create(CultureInfo.InvariantCulture, $"¥{undone.Jpy} given back"));
            default:
                return IsUndone(upgrade, happened) ? Repeated : Refuse(upgrade, happened);
        }
    }

    private static Transition<Upgrade> MoveBack(Upgrade upgrade, UpgradeWorkload workload, UpgradeEvent happened, DateTimeOffset now) =>
        Move(SkipEmpty(Go(upgrade).With(workload), now), happened, workload.Name);

    private static bool IsUndone(Upgrade upgrade, UpgradeEvent happened) => happened switch
    {
        UpgradeEvent.FeaturesUndone => upgrade.Step(UpgradeStepName.Features).State == StepState.Undone,
        UpgradeEvent.NodeGone or UpgradeEvent.NodeUndone => upgrade.Step(UpgradeStepName.Node).State == StepState.Undone,
        UpgradeEvent.PlanUndone => upgrade.Step(UpgradeStepName.Plan).State == StepState.Undone,
        _ => false,
    };

    /// <summary>On the way forward support is asked; the way back is tried again by itself too, for ever.</summary>
    private static Transition<Upgrade> Trouble(Upgrade upgrade, UpgradeEvent.Troubled troubled, UpgradeOptions options, DateTimeOffset now)
    {
        var question = Bounded(troubled.Detail);
        var retryAt = now + options.UndoRetryAfter;
        switch (upgrade.Status)
        {
            case UpgradeStatus.NeedsSupport or UpgradeStatus.Compensating when upgrade.RetryAt > now:
                return Repeated;
            case UpgradeStatus.NeedsSupport:
                return upgrade.Node.State == UpgradeNodeState.Failed
                    ? Move(upgrade with { RetryAt = retryAt }, troubled, "A failed node could not be removed.")
                    : Repeated;
            case UpgradeStatus.Compensating:
                return Move(
                    upgrade with
                    {
                        RetryAt = retryAt,
                        WaitingFor = new WaitingFor(WaitingKind.UndoRetry, $"{StepFailed} It is tried again.", retryAt),
                        Ticket = upgrade.Ticket ?? NewTicket(upgrade, now, question),
                    },
                    troubled,
                    StepFailed);
            default:
                var asking = AskSupport(upgrade, new UpgradeFailure("STEP_FAILED", StepFailed), now, question);
                return Move(
                    upgrade.Node.State == UpgradeNodeState.Failed ? asking with { RetryAt = retryAt } : asking, troubled, StepFailed);
        }
    }

    private static Transition<Upgrade> Opened(Upgrade upgrade, UpgradeEvent.TicketOpened opened) => upgrade.Ticket switch
    {
        { Stage: TicketStage.ToOpen } ticket when ticket.TicketId == opened.TicketId =>
            Move(upgrade with { Ticket = ticket with { Stage = TicketStage.Open } }, opened, ticket.TicketId),
        { Stage: TicketStage.Open } ticket when ticket.TicketId == opened.TicketId => Repeated,
        _ => Refuse(upgrade, opened),
    };

    private static Transition<Upgrade> Closed(Upgrade upgrade, UpgradeEvent.TicketClosed closed) => upgrade.Ticket switch
    {
        { Stage: TicketStage.ToClose } ticket when ticket.TicketId == closed.TicketId =>
            Move(upgrade with { Ticket = null }, closed, ticket.TicketId),
        null => Repeated,
        _ => Refuse(upgrade, closed),
    };

    private static Transition<Upgrade> Answered(Upgrade upgrade, UpgradeEvent answer, DateTimeOffset now)
    {
        switch (upgrade.Status, answer)
        {
            case (UpgradeStatus.NeedsSupport, UpgradeEvent.SupportRetried retried):
                return Move(TriedAgain(upgrade, now), answer, retried.Note);
            case (UpgradeStatus.NeedsSupport, UpgradeEvent.SupportPlaced placed):
                if (upgrade.CurrentStep() != UpgradeStepName.Node)
                    return new Transition<Upgrade>.Refused("Another size or region helps only while there is no node.");
                var node = upgrade.Node with { Size = placed.Size, Region = placed.Region };
                return Move(TriedAgain(upgrade with { Node = node }, now), answer, $"{placed.Size} in {placed.Region}. {placed.Note}");
            case (UpgradeStatus.NeedsSupport, UpgradeEvent.SupportAborted aborted):
                var failure = upgrade.Failure ?? new UpgradeFailure("ABORTED", "Support gave the upgrade up.");
                return Move(Undo(upgrade with { Ticket = ToClose(upgrade) }, failure, now), answer, aborted.Note);
            case (UpgradeStatus.Compensating, UpgradeEvent.SupportRetried retried) when upgrade.Ticket is { Stage: not TicketStage.ToClose }:
                return Move(Go(upgrade) with { Ticket = ToClose(upgrade) }, answer, retried.Note);
            default:
                return new Transition<Upgrade>.Refused("The upgrade does not wait for this answer.");
        }
    }

    /// <summary>The present step from its beginning, with all its tries.</summary>
    private static Upgrade TriedAgain(Upgrade upgrade, DateTimeOffset now)
    {
        var again = Go(upgrade) with
        {
            Status = UpgradeStatus.Running,
            Node = upgrade.Node with { FailedTries = 0 },
            Workloads = upgrade.Workloads?.Select(workload => workload with { FailedTries = 0, RetryAt = null }).ToArray(),
            Failure = null,
            Ticket = ToClose(upgrade),
        };
        return again.BeginStep(again.CurrentStep(), now);
    }

    private static Upgrade AskOwner(
        Upgrade upgrade, UpgradeOptions options, DateTimeOffset now, WaitingKind kind, string detail, string? clientSecret) => upgrade with
    {
        Status = UpgradeStatus.WaitingForPayment,
        WaitingFor = new WaitingFor(kind, detail, now + options.PaymentAnswer, clientSecret),
    };

    private static Upgrade AskSupport(Upgrade upgrade, UpgradeFailure failure, DateTimeOffset now, string question) => upgrade with
    {
        Status = UpgradeStatus.NeedsSupport,
        RetryAt = null,
        Failure = failure,
        WaitingFor = new WaitingFor(WaitingKind.Support, "Our support looks into it."),
        Ticket = NewTicket(upgrade, now, question),
    };

    private static UpgradeTicket NewTicket(Upgrade upgrade, DateTimeOffset now, string question) => new(
        string.Create(CultureInfo.InvariantCulture, $"{upgrade.UpgradeId}:{upgrade.LogLines}"), TicketStage.ToOpen, now, question);

    private static UpgradeTicket? ToClose(Upgrade upgrade) => upgrade.Ticket is { } ticket ? ticket with { Stage = TicketStage.ToClose } : null;

    /// <summary>The upgrade without anything it waited for.</summary>
    private static Upgrade Go(Upgrade upgrade) => upgrade with
    {
        Status = upgrade.Status == UpgradeStatus.WaitingForPayment ? UpgradeStatus.Running : upgrade.Status,
        WaitingFor = null,
        RetryAt = null,
    };

    private static Upgrade Undo(Upgrade upgrade, UpgradeFailure failure, DateTimeOffset now) =>
        SkipEmpty(Go(upgrade) with { Status = UpgradeStatus.Compensating, Failure = failure }, now);

    /// <summary>What support was asked about the step has been answered by its success.</summary>
    private static Upgrade Undone(Upgrade upgrade, UpgradeStepName step, DateTimeOffset now)
    {
        var undone = Go(upgrade).WithStep(upgrade.Step(step) with { State = StepState.Undone, FinishedAt = now });
        return SkipEmpty(undone with { Ticket = ToClose(upgrade) }, now);
    }

    /// <summary>Passes over steps that have left nothing behind.</summary>
    private static Upgrade SkipEmpty(Upgrade upgrade, DateTimeOffset now)
    {
        while (upgrade.StepToUndo() is { } step
            && (step == UpgradeStepName.Notice || (step == UpgradeStepName.Migration && upgrade.WorkloadToMoveBack() is null)))
        {
            upgrade = upgrade.WithStep(upgrade.Step(step) with { State = StepState.Undone, FinishedAt = now });
        }
        return upgrade;
    }

    private static Transition<Upgrade> Move(Upgrade next, UpgradeEvent happened, string? detail = null) =>
        new Transition<Upgrade>.Moved(next, NameOf(happened), detail);

    /// <summary>Refused, unless the step that the event finishes is done.</summary>
    private static Transition<Upgrade> RepeatedOrRefused(Upgrade upgrade, UpgradeEvent happened)
    {
        UpgradeStepName? finishes = happened switch
        {
            UpgradeEvent.MethodAccepted => UpgradeStepName.PaymentMethod,
            UpgradeEvent.PaymentTaken or UpgradeEvent.PaymentBegun => UpgradeStepName.Payment,
            UpgradeEvent.PlanChanged => UpgradeStepName.Plan,
            UpgradeEvent.NodeReady or UpgradeEvent.NodeAsked => UpgradeStepName.Node,
            UpgradeEvent.WorkloadsListed => UpgradeStepName.Migration,
            UpgradeEvent.FeaturesEnabled => UpgradeStepName.Features,
            _ => null,
        };
        return finishes is { } step && upgrade.Step(step).State == StepState.Done ? Repeated : Refuse(upgrade, happened);
    }

    private static Transition<Upgrade> Refuse(Upgrade upgrade, UpgradeEvent happened) => new Transition<Upgrade>.Refused(
        $"{NameOf(happened)} cannot happen to an upgrade that is {JsonNamingPolicy.SnakeCaseLower.ConvertName(upgrade.Status.ToString())}"
        + $" in step {JsonNamingPolicy.SnakeCaseLower.ConvertName(upgrade.CurrentStep().ToString())}.");

    private static Upgrade WithPercent(Upgrade before, Upgrade next)
    {
        var percent = UpgradePercent.Of(next);
        var mayFall = next.Status is UpgradeStatus.Compensating or UpgradeStatus.Abandoned;
        return next with { Percent = mayFall ? percent : Math.Max(before.Percent, percent) };
    }

    private static string NameOf(UpgradeEvent happened) => JsonNamingPolicy.SnakeCaseLower.ConvertName(happened.GetType().Name);

    private static string Bounded(string text) => text.Length <= LongestDetail ? text : text[..LongestDetail];
}

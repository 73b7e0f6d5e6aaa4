using Hexabase.Domain.Billing.Payments;

namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>What can happen to an upgrade. What each does is in <see cref="UpgradeTransitions"/>.</summary>
public abstract record UpgradeEvent
{
    private UpgradeEvent()
    {
    }

    /// <summary>The account is known to the payment provider.</summary>
    public sealed record CustomerKnown(string CustomerId) : UpgradeEvent;

    /// <summary>How the provider takes a payment method of the owner's.</summary>
    /// <param name="Attempt">Which one, see <see cref="UpgradePayment.Attempt"/>: one given meanwhile is another matter.</param>
    public abstract record PaymentAnswer(int Attempt) : UpgradeEvent;

    /// <summary>The method can be charged, under an id that need not be the one it was given by.</summary>
    public sealed record MethodAccepted(int Attempt, string Chargeable) : PaymentAnswer(Attempt);

    /// <summary>The owner has to authenticate a method.</summary>
    public sealed record MethodNeedsAuthentication(int Attempt, string SetupId, string ClientSecret) : PaymentAnswer(Attempt);

    /// <summary>A charge is about to be asked for.</summary>
    public sealed record PaymentBegun : UpgradeEvent;

    /// <summary>The owner has to authenticate a payment.</summary>
    public sealed record PaymentNeedsAuthentication(
        int Attempt, string SubscriptionId, string ClientSecret) : PaymentAnswer(Attempt);

    /// <summary>The provider is still at work.</summary>
    public sealed record PaymentProcessing(int Attempt, string SubscriptionId) : PaymentAnswer(Attempt);

    /// <summary>Method or payment was refused; nothing of it is left at the provider.</summary>
    public sealed record PaymentRefused(int Attempt, PaymentRefusal Refusal) : PaymentAnswer(Attempt);

    /// <summary>The money is there, whichever method it came by.</summary>
    public sealed record PaymentTaken(
        string SubscriptionId, string? PaymentId, string InvoiceId, long Jpy, DateTimeOffset PeriodEnd) : UpgradeEvent;

    /// <summary>An unpaid subscription was ended.</summary>
    /// <param name="RefundedJpy">What was paid in that moment after all, and has been given back.</param>
    public sealed record UnpaidEnded(string SubscriptionId, long RefundedJpy) : UpgradeEvent;

    /// <summary>The owner gave another method.</summary>
    public sealed record MethodChanged(string Method) : UpgradeEvent;

    /// <summary>The owner gave up, or did not answer in time.</summary>
    public sealed record CancelAsked(string Reason) : UpgradeEvent;

    /// <summary>It is over, and nothing was paid.</summary>
    public sealed record Cancelled : UpgradeEvent;

    public sealed record PlanChanged : UpgradeEvent;

    public sealed record NodeAsked : UpgradeEvent;

    public sealed record NodeReady(string NodeName) : UpgradeEvent;

    public sealed record NodeFailed(string Reason, string? Message) : UpgradeEvent;

    /// <summary>Nothing is left of the node.</summary>
    public sealed record NodeGone : UpgradeEvent;

    /// <summary>The apps there are; those that are known already stay as they are.</summary>
    public sealed record WorkloadsListed(IReadOnlyList<Workload> Workloads) : UpgradeEvent;

    public sealed record MoveBegun(string Workload) : UpgradeEvent;

    /// <summary>An app has become slow, and its move is held.</summary>
    public sealed record MovePaused(string Workload) : UpgradeEvent;

    public sealed record MoveResumed(string Workload) : UpgradeEvent;

    /// <summary>An app has moved, to where it was to go.</summary>
    public sealed record WorkloadMoved(string Workload) : UpgradeEvent;

    public sealed record WorkloadGone(string Workload) : UpgradeEvent;

    /// <summary>A move failed.</summary>
    /// <param name="Try">Which one, by the app's failed tries; on the way back it does not matter.</param>
    /// <param name="IsBack">All of the app is where it was.</param>
    public sealed record MoveFailed(string Workload, int Try, string Reason, bool IsBack) : UpgradeEvent;

    public sealed record FeaturesEnabled : UpgradeEvent;

    /// <summary>The owner is told, and all is done.</summary>
    public sealed record Announced : UpgradeEvent;

    /// <summary>A step failed for a technical reason that trying again has not healed.</summary>
    public sealed record Troubled(string Detail) : UpgradeEvent;

    public sealed record TicketOpened(string TicketId) : UpgradeEvent;

    public sealed record TicketClosed(string TicketId) : UpgradeEvent;

    /// <summary>Support: try again.</summary>
    public sealed record SupportRetried(string? Note) : UpgradeEvent;

    /// <summary>Support: try another node.</summary>
    public sealed record SupportPlaced(string Size, string Region, string? Note) : UpgradeEvent;

    /// <summary>Support: take everything back.</summary>
    public sealed record SupportAborted(string? Note) : UpgradeEvent;

    public sealed record FeaturesUndone : UpgradeEvent;

    public sealed record NodeUndone : UpgradeEvent;

    public sealed record PlanUndone : UpgradeEvent;

    /// <summary>The subscription is ended, and what was paid is given back.</summary>
    public sealed record PaymentUndone(string? RefundId, long Jpy) : UpgradeEvent;
}

namespace Hexabase.Domain.Billing.Payments;

/// <summary>
/// The payment provider. Every call that changes something takes a key of the caller's making: repeating it with the same key and the same
/// arguments takes or gives no money again, however long ago the first was. Amounts are whole yen. Card data never comes near: methods are
/// named by the provider's ids.
/// </summary>
/// <remarks>
/// A key names one attempt: for a refused one it says the same again, so that another payment method, or another try with the same one,
/// needs another key. Keys are at most 200 visible ASCII characters. The provider knows them for a day: after it a customer is made and a
/// method set up anew, which costs nobody anything.
/// <para>
/// What a customer can put right is an answer. What is thrown is <see cref="DependencyUnavailableException"/> (no answer, or only errors,
/// also after retries: the outcome is unknown, ask again with the same key) and <see cref="PaymentsException"/> (a bug or a wrong setting).
/// </para>
/// </remarks>
public interface IPayments
{
    /// <summary>The provider's id of an account as a customer; the same one for the same key and the same profile.</summary>
    Task<string> CreateCustomer(PaymentCustomer customer, string key, CancellationToken ct);

    /// <summary>
    /// Makes a method usable for later charges without the customer being there, and the customer's default. With a key that was used
    /// before it tells how that setup stands now.
    /// </summary>
    Task<PaymentMethodSetup> SetUpMethod(string customerId, string paymentMethod, string key, CancellationToken ct);

    /// <summary>How a setup stands after the customer was asked to authenticate.</summary>
    Task<PaymentMethodSetup> ReadSetup(string setupId, CancellationToken ct);

    /// <summary>
    /// Subscribes and tries to take the first payment at once. A declined or unfinished one leaves a subscription that must be ended: while
    /// one of the same <see cref="NewSubscription.Reference"/> has not ended there is no second, and its state is the answer.
    /// </summary>
    Task<SubscriptionPayment> Subscribe(NewSubscription subscription, string key, CancellationToken ct);

    /// <summary>The ids of all subscriptions of a reference, also of those that have ended. Makes none and charges nothing.</summary>
    Task<IReadOnlyList<string>> FindSubscriptions(string customerId, string reference, CancellationToken ct);

    /// <summary>How a subscription and its latest payment stand; null when there is none of this id.</summary>
    Task<SubscriptionPayment?> ReadSubscription(string subscriptionId, CancellationToken ct);

    /// <summary>
    /// Adds one more of a price to a subscription and takes its share of the running period at once, or changes nothing. The answer is the
    /// payment of this share, whatever was paid since. Additions and removals of one subscription come one after the other: only the
    /// latest is known by its key.
    /// </summary>
    Task<SubscriptionPayment> AddToSubscription(string subscriptionId, Price price, string key, CancellationToken ct);

    /// <summary>
    /// Takes one of a price off a subscription without giving money back; fine when it is not there or the subscription has ended.
    /// </summary>
    Task RemoveFromSubscription(string subscriptionId, Price price, string key, CancellationToken ct);

    /// <summary>
    /// Ends a subscription at once, without a charge or a refund; fine when it has ended. After it nothing of the subscription
    /// can be paid any more, so that what was paid is all that ever will be.
    /// </summary>
    /// <returns>All that was ever paid for it, given back or not.</returns>
    /// <exception cref="DependencyUnavailableException">The provider is still at work on a payment of it, too: ask again.</exception>
    Task<IReadOnlyList<PaymentMade>> EndNow(string subscriptionId, CancellationToken ct);

    /// <summary>Lets a subscription end with its period, or takes that back. The end of the running period.</summary>
    Task<DateTimeOffset> EndWithPeriod(string subscriptionId, bool ends, string key, CancellationToken ct);

    /// <summary>Gives all of a payment back; fine when that was done.</summary>
    Task<PaymentRefund> RefundInFull(string paymentId, string key, CancellationToken ct);
}

/// <param name="Email">For receipts; null when unknown.</param>
public sealed record PaymentCustomer(string AccountId, string? Email, string Name);

/// <param name="Reference">What it is for in our words, such as the id of an upgrade; found again in the provider's records.</param>
public sealed record NewSubscription(string CustomerId, string AccountId, Price Price, string PaymentMethod, string Reference);

/// <summary>How making a payment method usable went.</summary>
/// <param name="SetupId">Empty when it was refused before there was one.</param>
public abstract record PaymentMethodSetup(string SetupId)
{
    public sealed record Ready(string SetupId, string PaymentMethod) : PaymentMethodSetup(SetupId);

    /// <summary>The customer has to authenticate: the page needs the secret for it.</summary>
    public sealed record NeedsAuthentication(string SetupId, string ClientSecret) : PaymentMethodSetup(SetupId);

    public sealed record Refused(string SetupId, PaymentRefusal Refusal) : PaymentMethodSetup(SetupId);
}

/// <summary>A subscription with its latest payment.</summary>
public abstract record SubscriptionPayment(string SubscriptionId)
{
    /// <param name="PaymentId">To be given back by; null when nothing was due.</param>
    /// <param name="Jpy">What was taken, tax included.</param>
    public sealed record Paid(string SubscriptionId, string? PaymentId, string InvoiceId, long Jpy, DateTimeOffset PeriodEnd, bool EndsWithPeriod)
        : SubscriptionPayment(SubscriptionId);

    /// <summary>The customer has to authenticate this payment: the page needs the secret for it.</summary>
    public sealed record NeedsAuthentication(string SubscriptionId, string ClientSecret) : SubscriptionPayment(SubscriptionId);

    /// <summary>The provider is still working on it.</summary>
    public sealed record Processing(string SubscriptionId) : SubscriptionPayment(SubscriptionId);

    /// <param name="SubscriptionId">Empty when nothing was left behind.</param>
    public sealed record Refused(string SubscriptionId, PaymentRefusal Refusal) : SubscriptionPayment(SubscriptionId);

    /// <summary>It is over: ended, or never paid in time.</summary>
    public sealed record Ended(string SubscriptionId) : SubscriptionPayment(SubscriptionId);
}

/// <summary>Why a payment or a method was refused, in words that may be shown to its owner.</summary>
/// <param name="Code">Such as <c>card_declined</c>; <c>payment_method_unusable</c> for an id that names no method of the customer.</param>
/// <param name="DeclineCode">Such as <c>insufficient_funds</c>; null when there is none or it must not be told.</param>
public sealed record PaymentRefusal(string Code, string? DeclineCode, string Message);

/// <summary>What was paid for a subscription at one time.</summary>
/// <param name="PaymentId">To be given back by.</param>
public sealed record PaymentMade(string PaymentId, long Jpy);

/// <param name="Jpy">What was given back in all.</param>
public sealed record PaymentRefund(string RefundId, long Jpy);

/// <summary>The provider refused a call in a way that repeating it or another card cannot change.</summary>
public sealed class PaymentsException(string message) : Exception(message);

using System.Collections.Frozen;
using Hexabase.Domain.Billing.Payments;

namespace Hexabase.Adapters.Stripe;

/// <summary>An error of a call, or the last one of an intent (stripe-rest.md, section 1).</summary>
/// <param name="Param">The parameter it is about.</param>
/// <param name="SetupIntentId">The setup that failed.</param>
internal sealed record StripeError(
    string? Type, string? Code, string? DeclineCode, string? Param, string? Message, string? SetupIntentId = null)
{
    /// <summary>Of an answer whose body says nothing.</summary>
    public static readonly StripeError Unreadable = new(null, null, null, null, null);

    private const string Declined = "card_declined";
    private const string DeclinedMessage = "Your card was declined.";

    /// <summary>Told, they would help a thief: the owner learns only that the card was declined.</summary>
    private static readonly FrozenSet<string> NeverTold =
        FrozenSet.Create(StringComparer.Ordinal, "lost_card", "stolen_card", "fraudulent", "merchant_blacklist");

    public static StripeError Read(StripeObject error) => new(
        error.TextOrNull("type"),
        error.TextOrNull("code"),
        error.TextOrNull("decline_code"),
        error.TextOrNull("param"),
        error.TextOrNull("message"),
        error.ObjectOrNull("setup_intent")?.TextOrNull("id"));

    public bool IsMissing => Code == "resource_missing";

    /// <summary>What the customer is told; null when it is nothing that another payment method would change.</summary>
    /// <param name="methodParameter">The parameter that named the payment method: what is wrong with it is the customer's to put right.</param>
    public PaymentRefusal? AsRefusal(string methodParameter)
    {
        if (Type == "card_error")
            return AsRefusal();
        return Type == "invalid_request_error" && Param == methodParameter
            ? new PaymentRefusal("payment_method_unusable", null, "This payment method cannot be used.")
            : null;
    }

    /// <summary>What the customer is told about a payment that failed.</summary>
    public PaymentRefusal AsRefusal() => DeclineCode is not null && NeverTold.Contains(DeclineCode)
        ? new PaymentRefusal(Declined, null, DeclinedMessage)
        : new PaymentRefusal(Code ?? Declined, DeclineCode, Message ?? DeclinedMessage);

    /// <summary>For an exception: no decline code.</summary>
    public override string ToString() => $"{Type ?? "no reason"} {Code} {Param}: {Message}";
}

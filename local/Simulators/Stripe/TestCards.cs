using System.Collections.Frozen;

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>What a card's bank says.</summary>
internal abstract record CardAnswer
{
    public sealed record Approved : CardAnswer;

    /// <summary>The customer has to authenticate (3-D Secure).</summary>
    public sealed record Authenticate : CardAnswer;

    public sealed record Declined(StripeError Error) : CardAnswer;
}

/// <summary>A test card: how it answers when it is set up and when it is charged.</summary>
/// <param name="Fault">Befalls the first subscription that is to be paid with it, once.</param>
internal sealed record TestCard(string Token, string Brand, string Last4, CardAnswer AtSetup, CardAnswer AtCharge, FaultKind? Fault = null);

/// <summary>Stripe's well-known test cards, and a few of the simulator's own that break the connection rather than the payment.</summary>
internal static class TestCards
{
    private static readonly CardAnswer Approved = new CardAnswer.Approved();
    private static readonly CardAnswer Authenticate = new CardAnswer.Authenticate();
    private static readonly CardAnswer Generic = Declined("card_declined", "generic_decline", "Your card was declined.");

    private static readonly FrozenDictionary<string, TestCard> ByToken = All().ToFrozenDictionary(card => card.Token, StringComparer.Ordinal);

    public static TestCard? Find(string token) => ByToken.GetValueOrDefault(token);

    private static IEnumerable<TestCard> All() =>
    [
        Good("pm_card_visa", "visa", "4242"),
        Good("pm_card_mastercard", "mastercard", "4444"),
        Good("pm_card_jcb", "jcb", "0505"),
        .. Bad("chargeDeclined", "0002", Generic),
        .. Bad("chargeDeclinedInsufficientFunds", "9995", Declined("card_declined", "insufficient_funds", "Your card has insufficient funds.")),
        .. Bad("chargeDeclinedLostCard", "9987", Declined("card_declined", "lost_card", "Your card was declined.")),
        .. Bad("chargeDeclinedStolenCard", "9979", Declined("card_declined", "stolen_card", "Your card was declined.")),
        .. Bad("chargeDeclinedFraudulent", "0019", Declined("card_declined", "fraudulent", "Your card was declined.")),
        .. Bad("chargeDeclinedExpiredCard", "0069", Declined("expired_card", "expired_card", "Your card has expired.")),
        .. Bad("chargeDeclinedIncorrectCvc", "0127", Declined("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")),
        .. Bad(
            "chargeDeclinedProcessingError",
            "0119",
            Declined("processing_error", "processing_error", "An error occurred while processing your card. Try again in a little bit.")),
        new("pm_card_chargeCustomerFail", "visa", "0341", Approved, Generic),
        new("pm_card_authenticationRequired", "visa", "3184", Approved, Authenticate),
        new("pm_card_authenticationRequiredOnSetup", "visa", "3155", Authenticate, Approved),
        Good("pm_card_networkFailure", "visa", "4242", FaultKind.DropAfter),
        Good("pm_card_serverError", "visa", "4242", FaultKind.Error500),
        Good("pm_card_slow", "visa", "4242", FaultKind.Delay),
    ];

    private static TestCard Good(string token, string brand, string last4, FaultKind? fault = null) =>
        new(token, brand, last4, Approved, Approved, fault);

    /// <summary>Stripe spells some with and some without the brand; both are taken.</summary>
    private static IEnumerable<TestCard> Bad(string name, string last4, CardAnswer answer) =>
        [new($"pm_card_{name}", "visa", last4, answer, answer), new($"pm_card_visa_{name}", "visa", last4, answer, answer)];

    private static CardAnswer.Declined Declined(string code, string declineCode, string message) => new(StripeError.Card(code, message, declineCode));
}

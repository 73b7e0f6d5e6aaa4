using System.Reflection;
using Hexabase.Adapters.Stripe;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;
using Xunit.Sdk;

namespace Hexabase.Tests.Payments;

/// <summary>What <see cref="IPayments"/> promises, by the adapter on the simulator and, where there is a key of a test account, on Stripe itself.</summary>
public sealed class PaymentsContractTests(StripeHostFixture simulator) : IClassFixture<StripeHostFixture>
{
    [Theory, OnSimulator, OnStripe]
    public async Task A_key_makes_one_customer(string provider)
    {
        var buyer = await NewBuyer(provider);
        Assert.Equal(buyer.Id, await buyer.Payments.CreateCustomer(buyer.Customer, buyer.Key("customer"), default));
        Assert.NotEqual(buyer.Id, await buyer.Payments.CreateCustomer(buyer.Customer, buyer.Key("another"), default));
        var renamed = buyer.Customer with { Name = "Another", Email = null };
        Assert.NotEmpty(await buyer.Payments.CreateCustomer(renamed, buyer.Key("customer"), default));
    }

    [Theory, OnSimulator("pm_card_visa", "pm_card_mastercard", "pm_card_jcb"), OnStripe("pm_card_visa", "pm_card_mastercard", "pm_card_jcb")]
    public async Task A_good_card_can_be_charged(string provider, string card)
    {
        var buyer = await NewBuyer(provider);
        var ready = Assert.IsType<PaymentMethodSetup.Ready>(await buyer.SetUp(card));
        Assert.Equal(ready, await buyer.Payments.ReadSetup(ready.SetupId, default));
        var paid = Assert.IsType<SubscriptionPayment.Paid>(await buyer.Subscribe(ready.PaymentMethod));
        Assert.Equal((4980, false), (paid.Jpy, paid.EndsWithPeriod));
        Assert.InRange(paid.PeriodEnd, DateTimeOffset.UtcNow.AddDays(27), DateTimeOffset.UtcNow.AddDays(32));
        Assert.Equal(paid, await buyer.Payments.ReadSubscription(paid.SubscriptionId, default));
    }

    [Theory]
    [OnSimulator(
        "pm_card_visa_chargeDeclined:card_declined",
        "pm_card_visa_chargeDeclinedInsufficientFunds:card_declined",
        "pm_card_chargeDeclinedExpiredCard:expired_card",
        "pm_card_chargeDeclinedIncorrectCvc:incorrect_cvc",
        "pm_card_chargeDeclinedProcessingError:processing_error")]
    [OnStripe(
        "pm_card_visa_chargeDeclined:card_declined",
        "pm_card_visa_chargeDeclinedInsufficientFunds:card_declined",
        "pm_card_chargeDeclinedExpiredCard:expired_card",
        "pm_card_chargeDeclinedIncorrectCvc:incorrect_cvc",
        "pm_card_chargeDeclinedProcessingError:processing_error")]
    public async Task A_declined_card_is_refused_with_its_code(string provider, string cardAndCode)
    {
        var parts = cardAndCode.Split(':');
        var buyer = await NewBuyer(provider);
        var refused = Assert.IsType<PaymentMethodSetup.Refused>(await buyer.SetUp(parts[0]));
        Assert.Equal(parts[1], refused.Refusal.Code);
        Assert.Equal(refused, await buyer.SetUp(parts[0]));
    }

    [Theory, OnSimulator, OnStripe]
    public async Task Insufficient_funds_are_told(string provider)
    {
        var refused = Assert.IsType<PaymentMethodSetup.Refused>(await (await NewBuyer(provider)).SetUp("pm_card_visa_chargeDeclinedInsufficientFunds"));
        Assert.Equal(new PaymentRefusal("card_declined", "insufficient_funds", "Your card has insufficient funds."), refused.Refusal);
    }

    [Theory]
    [OnSimulator("pm_card_visa_chargeDeclinedLostCard", "pm_card_visa_chargeDeclinedStolenCard", "pm_card_chargeDeclinedFraudulent")]
    [OnStripe("pm_card_visa_chargeDeclinedLostCard", "pm_card_visa_chargeDeclinedStolenCard")]
    public async Task Why_a_lost_or_stolen_card_is_declined_is_not_told(string provider, string card)
    {
        var refused = Assert.IsType<PaymentMethodSetup.Refused>(await (await NewBuyer(provider)).SetUp(card));
        Assert.Equal(new PaymentRefusal("card_declined", null, "Your card was declined."), refused.Refusal);
    }

    [Theory, OnSimulator("pm_unknown", "no id at all", "cus_1"), OnStripe("pm_unknown", "no id at all", "cus_1")]
    public async Task A_payment_method_that_does_not_exist_is_the_customers_to_put_right(string provider, string method)
    {
        var buyer = await NewBuyer(provider);
        Assert.Equal("payment_method_unusable", Assert.IsType<PaymentMethodSetup.Refused>(await buyer.SetUp(method)).Refusal.Code);
        var payment = Assert.IsType<SubscriptionPayment.Refused>(await buyer.Subscribe(method));
        Assert.Equal(("", "payment_method_unusable"), (payment.SubscriptionId, payment.Refusal.Code));
    }

    [Theory, OnSimulator, OnStripe]
    public async Task A_payment_method_of_another_customer_cannot_be_used(string provider)
    {
        var (one, other) = (await NewBuyer(provider), await NewBuyer(provider));
        var method = await one.Method("pm_card_visa");
        Assert.IsType<PaymentMethodSetup.Refused>(await other.SetUp(method));
        Assert.IsType<SubscriptionPayment.Refused>(await other.Subscribe(method));
    }

    [Theory, OnSimulator, OnStripe]
    public async Task Subscribing_again_for_the_same_reference_finds_the_first_subscription(string provider)
    {
        var buyer = await NewBuyer(provider);
        var paid = await buyer.Subscribed();
        var method = await buyer.Method("pm_card_visa", "validate-again");
        Assert.Equal(paid, await buyer.Subscribe(method));
        Assert.Equal(paid, await buyer.Subscribe(method, step: "charge-again"));
    }

    [Theory, OnSimulator, OnStripe]
    public async Task A_declined_first_payment_leaves_a_subscription_that_can_be_ended_and_replaced(string provider)
    {
        var buyer = await NewBuyer(provider);
        var declined = Assert.IsType<SubscriptionPayment.Refused>(await buyer.Subscribe(await buyer.Method("pm_card_chargeCustomerFail")));
        Assert.Equal("card_declined", declined.Refusal.Code);
        Assert.Equal(declined, await buyer.Payments.ReadSubscription(declined.SubscriptionId, default));

        await buyer.Payments.EndNow(declined.SubscriptionId, default);
        await buyer.Payments.EndNow(declined.SubscriptionId, default);
        Assert.Equal(new SubscriptionPayment.Ended(declined.SubscriptionId), await buyer.Payments.ReadSubscription(declined.SubscriptionId, default));

        var paid = Assert.IsType<SubscriptionPayment.Paid>(await buyer.Subscribe(await buyer.Method("pm_card_visa", "validate:2"), "charge:2"));
        Assert.NotEqual(declined.SubscriptionId, paid.SubscriptionId);
    }

    [Theory, OnSimulator, OnStripe]
    public async Task Subscriptions_of_a_reference_are_found_also_when_they_have_ended(string provider)
    {
        var buyer = await NewBuyer(provider);
        Assert.Empty(await buyer.Payments.FindSubscriptions(buyer.Id, "up_1", default));
        var paid = await buyer.Subscribed();
        await buyer.Payments.EndNow(paid.SubscriptionId, default);
        Assert.Equal([paid.SubscriptionId], await buyer.Payments.FindSubscriptions(buyer.Id, "up_1", default));
        Assert.Empty(await buyer.Payments.FindSubscriptions(buyer.Id, "up_2", default));
    }

    [Theory, OnSimulator, OnStripe]
    public async Task At_its_end_all_that_was_paid_for_a_subscription_is_told(string provider)
    {
        var buyer = await NewBuyer(provider);
        var paid = await buyer.Subscribed();
        var added = Assert.IsType<SubscriptionPayment.Paid>(
            await buyer.Payments.AddToSubscription(paid.SubscriptionId, Buyer.Node, buyer.Key("add"), default));
        PaymentMade[] all = [new(added.PaymentId!, added.Jpy), new(paid.PaymentId!, paid.Jpy)];
        Assert.Equal(all, await buyer.Payments.EndNow(paid.SubscriptionId, default));
        Assert.Equal(all, await buyer.Payments.EndNow(paid.SubscriptionId, default));
    }

    [Theory, OnSimulator, OnStripe]
    public async Task There_is_no_subscription_of_an_unknown_id(string provider) =>
        Assert.Null(await PaymentsOf(provider).ReadSubscription("sub_unknown", default));

    [Theory, OnSimulator, OnStripe]
    public async Task Adding_takes_the_share_of_the_running_period_once_for_each_key(string provider)
    {
        var buyer = await NewBuyer(provider);
        var (subscription, payment) = await Subscribed(buyer);
        var first = await Add("node-1");
        Assert.InRange(first.Jpy, 3970, 3980); // The period has only begun.
        Assert.NotEqual(payment, first.PaymentId);
        Assert.Equal(first, await Add("node-1"));
        var second = await Add("node-2");
        Assert.NotEqual(first.PaymentId, second.PaymentId);

        async Task<SubscriptionPayment.Paid> Add(string step) => Assert.IsType<SubscriptionPayment.Paid>(
            await buyer.Payments.AddToSubscription(subscription, Buyer.Node, buyer.Key(step), default));
    }

    [Theory, OnSimulator, OnStripe]
    public async Task Removing_gives_nothing_back_and_what_is_not_there_need_not_be_removed(string provider)
    {
        var buyer = await NewBuyer(provider);
        var (subscription, _) = await Subscribed(buyer);
        var added = Assert.IsType<SubscriptionPayment.Paid>(await buyer.Payments.AddToSubscription(subscription, Buyer.Node, buyer.Key("add"), default));
        foreach (var step in new[] { "remove", "remove", "remove-again" })
            await buyer.Payments.RemoveFromSubscription(subscription, Buyer.Node, buyer.Key(step), default);
        Assert.Equal(added, await buyer.Payments.ReadSubscription(subscription, default));

        await buyer.Payments.EndNow(subscription, default);
        await buyer.Payments.RemoveFromSubscription(subscription, Buyer.Node, buyer.Key("remove-late"), default);
    }

    [Theory, OnSimulator, OnStripe]
    public async Task A_subscription_can_end_with_its_period_or_go_on_after_all(string provider)
    {
        var buyer = await NewBuyer(provider);
        var paid = await buyer.Subscribed();
        Assert.Equal(paid.PeriodEnd, await buyer.Payments.EndWithPeriod(paid.SubscriptionId, true, buyer.Key("end"), default));
        Assert.Equal(paid with { EndsWithPeriod = true }, await buyer.Payments.ReadSubscription(paid.SubscriptionId, default));
        Assert.Equal(paid.PeriodEnd, await buyer.Payments.EndWithPeriod(paid.SubscriptionId, false, buyer.Key("go-on"), default));
        Assert.Equal(paid, await buyer.Payments.ReadSubscription(paid.SubscriptionId, default));
    }

    [Theory, OnSimulator, OnStripe]
    public async Task A_payment_is_given_back_once(string provider)
    {
        var buyer = await NewBuyer(provider);
        var paid = await buyer.Subscribed();
        var refund = await buyer.Payments.RefundInFull(paid.PaymentId!, buyer.Key("refund"), default);
        Assert.Equal(4980, refund.Jpy);
        Assert.Equal(refund, await buyer.Payments.RefundInFull(paid.PaymentId!, buyer.Key("refund"), default));
        Assert.Equal(refund, await buyer.Payments.RefundInFull(paid.PaymentId!, buyer.Key("refund-again"), default));
    }

    [Theory, OnSimulator, OnStripe]
    public async Task A_price_of_another_amount_under_our_name_is_a_wrong_setting(string provider)
    {
        var buyer = await NewBuyer(provider);
        var paid = await buyer.Subscribed();
        await buyer.Payments.AddToSubscription(paid.SubscriptionId, Buyer.Node, buyer.Key("add"), default);
        var e = await Assert.ThrowsAsync<PaymentsException>(() => buyer.Payments.AddToSubscription(
            paid.SubscriptionId, Buyer.Node with { Jpy = 4000 }, buyer.Key("wrong"), default));
        Assert.Contains("is 3980 jpy", e.Message, StringComparison.Ordinal);
        Assert.Contains("says 4000 jpy", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PaymentsException>(() => buyer.Payments.AddToSubscription(
            paid.SubscriptionId, Buyer.Node with { Interval = PriceInterval.Year }, buyer.Key("wrong"), default));
    }

    [Theory, OnSimulator, OnStripe]
    public async Task Payments_of_an_unknown_customer_or_of_none_are_a_bug(string provider)
    {
        var payments = PaymentsOf(provider);
        await Assert.ThrowsAsync<PaymentsException>(() => payments.SetUpMethod("cus_unknown", "pm_card_visa", Guid.NewGuid().ToString(), default));
        await Assert.ThrowsAsync<PaymentsException>(() => payments.RefundInFull("pi_unknown", Guid.NewGuid().ToString(), default));
    }

    private static async Task<(string Subscription, string? Payment)> Subscribed(Buyer buyer)
    {
        var paid = await buyer.Subscribed();
        return (paid.SubscriptionId, paid.PaymentId);
    }

    private Task<Buyer> NewBuyer(string provider) => Buyer.New(PaymentsOf(provider));

    private IPayments PaymentsOf(string provider) => provider == OnStripeAttribute.Name
        ? StripeHost.NewPayments(new StripeSettings(new Uri("https://api.stripe.com/"), OnStripeAttribute.Key!))
        : simulator.Host.Payments;
}

/// <summary>One simulator for a class of tests whose customers have nothing to do with each other.</summary>
public sealed class StripeHostFixture : IAsyncLifetime
{
    public StripeHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await StripeHost.Start();

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

/// <summary>Runs a test on the simulator, once for each value.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnSimulatorAttribute(params string[] values) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Rows("simulator", values);

    public static IEnumerable<object[]> Rows(string provider, string[] values) =>
        values.Length == 0 ? [[provider]] : values.Select(value => new object[] { provider, value });
}

/// <summary>Runs a test on a test account of Stripe, once for each value; skipped without its key.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnStripeAttribute : DataAttribute
{
    public const string Name = "stripe";

    private readonly string[] values;

    public OnStripeAttribute(params string[] values)
    {
        this.values = values;
        Skip = Key is null ? "STRIPE_TEST_KEY is not set: the secret key (sk_test_…) of a Stripe test account." : null;
    }

    public static string? Key { get; } = Environment.GetEnvironmentVariable("STRIPE_TEST_KEY") is { Length: > 0 } key ? key : null;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => OnSimulatorAttribute.Rows(Name, values);
}

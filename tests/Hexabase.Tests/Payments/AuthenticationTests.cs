using System.Net;
using Hexabase.Domain.Billing.Payments;

namespace Hexabase.Tests.Payments;

/// <summary>3-D Secure: what the customer has to do on the page, which only the simulator can play.</summary>
public sealed class AuthenticationTests(StripeHostFixture fixture) : IClassFixture<StripeHostFixture>
{
    private StripeHost Host => fixture.Host;

    [Fact]
    public async Task A_setup_that_was_authenticated_is_ready()
    {
        var (buyer, waiting) = await WaitingSetup();
        Assert.Equal(waiting, await buyer.Payments.ReadSetup(waiting.SetupId, default));
        await Host.Authenticate(waiting.ClientSecret);
        var ready = Assert.IsType<PaymentMethodSetup.Ready>(await buyer.Payments.ReadSetup(waiting.SetupId, default));
        Assert.IsType<SubscriptionPayment.Paid>(await buyer.Subscribe(ready.PaymentMethod));
    }

    [Fact]
    public async Task A_setup_asked_for_again_with_its_key_tells_how_it_stands_now()
    {
        var (buyer, waiting) = await WaitingSetup();
        await Host.Authenticate(waiting.ClientSecret);
        Assert.IsType<PaymentMethodSetup.Ready>(await buyer.SetUp("pm_card_authenticationRequiredOnSetup"));
    }

    [Fact]
    public async Task A_setup_whose_authentication_failed_is_refused()
    {
        var (buyer, waiting) = await WaitingSetup();
        await Host.Authenticate(waiting.ClientSecret, succeeds: false);
        var refused = Assert.IsType<PaymentMethodSetup.Refused>(await buyer.Payments.ReadSetup(waiting.SetupId, default));
        Assert.Equal("setup_intent_authentication_failure", refused.Refusal.Code);
    }

    [Fact]
    public async Task A_method_that_is_set_up_is_the_customers_default()
    {
        var buyer = await Buyer.New(Host.Payments);
        var method = await buyer.Method("pm_card_visa");
        var (_, customer, _) = await Host.Get($"customers/{buyer.Id}");
        Assert.Equal(method, customer.GetProperty("invoice_settings").GetProperty("default_payment_method").GetString());
    }

    [Fact]
    public async Task A_payment_that_was_authenticated_is_taken()
    {
        var (buyer, waiting) = await WaitingPayment();
        Assert.Equal(0, (await Host.TotalsOf(buyer.Id)).Charges);
        await Host.Authenticate(waiting.ClientSecret);
        var paid = Assert.IsType<SubscriptionPayment.Paid>(await buyer.Payments.ReadSubscription(waiting.SubscriptionId, default));
        Assert.Equal(4980, paid.Jpy);
        Assert.Equal(new StripeHost.Totals(1, 4980, 0, 1), await Host.TotalsOf(buyer.Id));
    }

    [Fact]
    public async Task A_payment_whose_authentication_failed_is_refused()
    {
        var (buyer, waiting) = await WaitingPayment();
        await Host.Authenticate(waiting.ClientSecret, succeeds: false);
        var refused = Assert.IsType<SubscriptionPayment.Refused>(await buyer.Payments.ReadSubscription(waiting.SubscriptionId, default));
        Assert.Equal("payment_intent_authentication_failure", refused.Refusal.Code);
    }

    [Fact]
    public async Task A_payment_of_an_ended_subscription_can_no_longer_be_authenticated()
    {
        var (buyer, waiting) = await WaitingPayment();
        await buyer.Payments.EndNow(waiting.SubscriptionId, default);
        using var late = await Host.Operate("authenticate", new { client_secret = waiting.ClientSecret, outcome = "succeed" });
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        Assert.Equal(0, (await Host.TotalsOf(buyer.Id)).Charges);
    }

    [Fact]
    public async Task What_is_paid_while_its_subscription_is_ended_is_known_at_the_end()
    {
        var (buyer, waiting) = await WaitingPayment();
        await Host.Call(HttpMethod.Delete, $"subscriptions/{waiting.SubscriptionId}");
        await Host.Authenticate(waiting.ClientSecret);
        var paid = Assert.Single(await buyer.Payments.EndNow(waiting.SubscriptionId, default));
        Assert.Equal(4980, paid.Jpy);
        Assert.Equal(4980, (await buyer.Payments.RefundInFull(paid.PaymentId, buyer.Key("refund"), default)).Jpy);
        Assert.Equal(new StripeHost.Totals(1, 4980, 4980, 0), await Host.TotalsOf(buyer.Id));
    }

    [Fact]
    public async Task Adding_what_would_have_to_be_authenticated_changes_nothing()
    {
        var (buyer, waiting) = await WaitingPayment();
        await Host.Authenticate(waiting.ClientSecret);
        var before = await buyer.Payments.ReadSubscription(waiting.SubscriptionId, default);
        var refused = Assert.IsType<SubscriptionPayment.Refused>(
            await buyer.Payments.AddToSubscription(waiting.SubscriptionId, Buyer.Node, buyer.Key("add"), default));
        Assert.Equal(("", "authentication_required"), (refused.SubscriptionId, refused.Refusal.Code));
        Assert.Equal(before, await buyer.Payments.ReadSubscription(waiting.SubscriptionId, default));
        Assert.Equal(1, (await Host.TotalsOf(buyer.Id)).Charges);
    }

    private async Task<(Buyer Buyer, PaymentMethodSetup.NeedsAuthentication Waiting)> WaitingSetup()
    {
        var buyer = await Buyer.New(Host.Payments);
        return (buyer, Assert.IsType<PaymentMethodSetup.NeedsAuthentication>(await buyer.SetUp("pm_card_authenticationRequiredOnSetup")));
    }

    private async Task<(Buyer Buyer, SubscriptionPayment.NeedsAuthentication Waiting)> WaitingPayment()
    {
        var buyer = await Buyer.New(Host.Payments);
        var method = await buyer.Method("pm_card_authenticationRequired");
        return (buyer, Assert.IsType<SubscriptionPayment.NeedsAuthentication>(await buyer.Subscribe(method)));
    }
}

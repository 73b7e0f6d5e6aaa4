using System.Globalization;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Payments;

/// <summary>What becomes of subscriptions as time passes, on the simulator's clock.</summary>
public sealed class SubscriptionTimeTests
{
    [Fact]
    public async Task A_subscription_that_ends_with_its_period_has_ended_when_that_is_over()
    {
        await using var host = await StripeHost.Start();
        var paid = await (await Buyer.New(host.Payments)).Subscribed();
        await host.Payments.EndWithPeriod(paid.SubscriptionId, true, "end", default);
        await host.Advance(paid.PeriodEnd - DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1));
        Assert.IsType<SubscriptionPayment.Paid>(await host.Payments.ReadSubscription(paid.SubscriptionId, default));
        await host.Advance(TimeSpan.FromMinutes(2));
        Assert.IsType<SubscriptionPayment.Ended>(await host.Payments.ReadSubscription(paid.SubscriptionId, default));
    }

    [Fact]
    public async Task A_subscription_that_goes_on_is_charged_for_each_period()
    {
        await using var host = await StripeHost.Start(new ManualTimeProvider(new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero)));
        var buyer = await Buyer.New(host.Payments);
        var paid = await buyer.Subscribed();
        Assert.Equal("2026-02-28", Day(paid));
        await host.Advance(TimeSpan.FromDays(40));
        var renewed = Assert.IsType<SubscriptionPayment.Paid>(await host.Payments.ReadSubscription(paid.SubscriptionId, default));
        Assert.Equal(("2026-03-31", 4980), (Day(renewed), renewed.Jpy));
        Assert.Equal(new StripeHost.Totals(2, 9960, 0, 1), await host.TotalsOf(buyer.Id));
    }

    [Fact]
    public async Task Half_a_period_costs_half()
    {
        await using var host = await StripeHost.Start(new ManualTimeProvider(new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero)));
        var buyer = await Buyer.New(host.Payments);
        var paid = await buyer.Subscribed();
        await host.Advance(TimeSpan.FromDays(15));
        var added = Assert.IsType<SubscriptionPayment.Paid>(await host.Payments.AddToSubscription(paid.SubscriptionId, Buyer.Node, buyer.Key("add"), default));
        Assert.Equal(1990, added.Jpy);
    }

    [Fact]
    public async Task A_first_payment_that_nobody_authenticates_expires_after_23_hours()
    {
        await using var host = await StripeHost.Start();
        var buyer = await Buyer.New(host.Payments);
        var method = await buyer.Method("pm_card_authenticationRequired");
        var waiting = Assert.IsType<SubscriptionPayment.NeedsAuthentication>(await buyer.Subscribe(method));
        await host.Advance(TimeSpan.FromHours(22));
        Assert.Equal(waiting, await host.Payments.ReadSubscription(waiting.SubscriptionId, default));
        await host.Advance(TimeSpan.FromHours(2));
        Assert.IsType<SubscriptionPayment.Ended>(await host.Payments.ReadSubscription(waiting.SubscriptionId, default));
    }

    [Fact]
    public async Task A_renewal_that_must_be_authenticated_waits_for_its_customer()
    {
        await using var host = await StripeHost.Start();
        var buyer = await Buyer.New(host.Payments);
        var waiting = Assert.IsType<SubscriptionPayment.NeedsAuthentication>(await buyer.Subscribe(await buyer.Method("pm_card_authenticationRequired")));
        await host.Authenticate(waiting.ClientSecret);
        await host.Advance(TimeSpan.FromDays(32));
        Assert.IsType<SubscriptionPayment.NeedsAuthentication>(await host.Payments.ReadSubscription(waiting.SubscriptionId, default));
    }

    private static string Day(SubscriptionPayment.Paid paid) => paid.PeriodEnd.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

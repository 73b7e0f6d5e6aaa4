using System.Net;
using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Billing.Payments;

namespace Hexabase.Tests.Payments;

/// <summary>What goes wrong on the way costs nobody anything: the adapter on a simulator that misbehaves.</summary>
public sealed class PaymentFaultTests(StripeHostFixture fixture) : IClassFixture<StripeHostFixture>
{
    private static readonly string[] Kinds = ["error500", "error500_after", "error429", "drop_before", "drop_after", "delay"];

    private static readonly string[] Calls =
    [
        "POST /v1/customers", "POST /v1/setup_intents", "POST /v1/customers/*", "GET /v1/prices", "POST /v1/prices", "GET /v1/subscriptions",
        "POST /v1/subscriptions", "GET /v1/subscriptions/*", "POST /v1/subscriptions/*", "DELETE /v1/subscriptions/*", "POST /v1/refunds", "GET /v1/refunds", "GET /v1/invoices",
    ];

    private StripeHost Host => fixture.Host;

    public static TheoryData<string, string> EveryFault()
    {
        var faults = new TheoryData<string, string>();
        foreach (var call in Calls)
        {
            foreach (var kind in Kinds)
                faults.Add(call, kind);
        }
        return faults;
    }

    [Theory]
    [MemberData(nameof(EveryFault))]
    public async Task A_single_fault_of_any_call_changes_nothing_about_what_is_charged_and_given_back(string call, string kind)
    {
        await using var host = await StripeHost.Start();
        await host.InjectFault(call, kind);

        var buyer = await Buyer.New(host.Payments);
        var paid = await buyer.Subscribed();
        await host.Payments.AddToSubscription(paid.SubscriptionId, Buyer.Node, buyer.Key("add"), default);
        await host.Payments.RemoveFromSubscription(paid.SubscriptionId, Buyer.Node, buyer.Key("remove"), default);
        var refund = await host.Payments.RefundInFull(paid.PaymentId!, buyer.Key("refund"), default);
        var running = await host.TotalsOf(buyer.Id);
        await host.Payments.EndNow(paid.SubscriptionId, default);

        Assert.Equal(4980, refund.Jpy);
        Assert.Equal((2, 4980, 1), (running.Charges, running.RefundedJpy, running.Subscriptions));
        Assert.InRange(running.ChargedJpy, 4980 + 3970, 4980 + 3980);
        Assert.Equal(0, (await host.TotalsOf(buyer.Id)).Subscriptions);
        Assert.Empty(await FaultsOf(host));
    }

    [Theory]
    [InlineData("pm_card_networkFailure")]
    [InlineData("pm_card_serverError")]
    [InlineData("pm_card_slow")]
    public async Task A_card_with_a_bad_connection_is_charged_once(string card)
    {
        var buyer = await Buyer.New(Host.Payments);
        await buyer.Subscribed(card);
        Assert.Equal(new StripeHost.Totals(1, 4980, 0, 1), await Host.TotalsOf(buyer.Id));
    }

    [Theory]
    [InlineData("error500")]
    [InlineData("error429")]
    [InlineData("drop_before")]
    [InlineData("drop_after")]
    public async Task After_the_last_try_the_outcome_is_unknown_and_the_same_key_finds_it_out_later(string kind)
    {
        await using var host = await StripeHost.Start();
        var buyer = await Buyer.New(host.Payments);
        var method = await buyer.Method("pm_card_visa");
        await host.InjectFault("POST /v1/subscriptions", kind, times: 100);
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => buyer.Subscribe(method));
        using var cleared = await host.Http.DeleteAsync("/admin/simulators/stripe/faults");

        Assert.IsType<SubscriptionPayment.Paid>(await buyer.Subscribe(method));
        Assert.Equal(new StripeHost.Totals(1, 4980, 0, 1), await host.TotalsOf(buyer.Id));
    }

    [Fact]
    public async Task A_key_is_good_for_longer_than_Stripe_remembers_it()
    {
        await using var host = await StripeHost.Start();
        var buyer = await Buyer.New(host.Payments);
        var paid = await buyer.Subscribed();
        await host.Payments.AddToSubscription(paid.SubscriptionId, Buyer.Node, buyer.Key("add"), default);
        var before = await host.TotalsOf(buyer.Id);

        await host.Advance(TimeSpan.FromHours(25));
        await buyer.Subscribed();
        await host.Payments.AddToSubscription(paid.SubscriptionId, Buyer.Node, buyer.Key("add"), default);
        Assert.Equal(before, await host.TotalsOf(buyer.Id));
    }

    [Theory]
    [InlineData("error500")]
    [InlineData("error500_after")]
    [InlineData("error429")]
    [InlineData("drop_before")]
    [InlineData("drop_after")]
    public async Task A_single_fault_at_the_end_leaves_nothing_to_pay(string kind)
    {
        await using var host = await StripeHost.Start();
        var buyer = await Buyer.New(host.Payments);
        var waiting = Assert.IsType<SubscriptionPayment.NeedsAuthentication>(
            await buyer.Subscribe(await buyer.Method("pm_card_authenticationRequired")));
        await host.InjectFault("POST /v1/invoices/*", kind);
        Assert.Empty(await host.Payments.EndNow(waiting.SubscriptionId, default));
        using var late = await host.Operate("authenticate", new { client_secret = waiting.ClientSecret, outcome = "succeed" });
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
    }

    [Fact]
    public async Task An_addition_asked_for_again_after_a_renewal_is_not_mistaken_for_it()
    {
        await using var host = await StripeHost.Start();
        var buyer = await Buyer.New(host.Payments);
        var paid = await buyer.Subscribed();
        var added = await host.Payments.AddToSubscription(paid.SubscriptionId, Buyer.Node, buyer.Key("add"), default);
        await host.Advance(TimeSpan.FromDays(32));
        var again = Assert.IsType<SubscriptionPayment.Paid>(
            await host.Payments.AddToSubscription(paid.SubscriptionId, Buyer.Node, buyer.Key("add"), default));
        Assert.Equal(added, again with { PeriodEnd = paid.PeriodEnd });
    }

    [Fact]
    public async Task Of_many_callers_with_one_key_one_charges_and_all_learn_of_it()
    {
        var buyer = await Buyer.New(StripeHost.NewPayments(Host.Settings, clock: TimeProvider.System)); // Who finds the key in use waits.
        var method = await buyer.Method("pm_card_visa");
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => buyer.Subscribe(method)));
        Assert.Single(answers.Distinct());
        Assert.Equal(new StripeHost.Totals(1, 4980, 0, 1), await Host.TotalsOf(buyer.Id));
    }

    private static async Task<IReadOnlyList<string>> FaultsOf(StripeHost host)
    {
        using var faults = JsonDocument.Parse(await host.Http.GetStringAsync("/admin/simulators/stripe/faults"));
        return [.. faults.RootElement.GetProperty("faults").EnumerateArray().Select(fault => fault.GetRawText())];
    }
}

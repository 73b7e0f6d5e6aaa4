using System.Net;
using System.Text.Json;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Payments;

/// <summary>The simulator answers as Stripe does (stripe-rest.md, sections 1 and 3).</summary>
public sealed class StripeSimulatorTests(StripeHostFixture fixture) : IClassFixture<StripeHostFixture>
{
    private StripeHost Host => fixture.Host;

    [Fact]
    public async Task The_same_key_and_parameters_give_the_first_answer_again()
    {
        var (_, first, original) = await Host.Post("customers", "name=A&metadata[a]=1", "key-1");
        var (status, second, replay) = await Host.Post("customers", "metadata[a]=1&name=A", "key-1");
        Assert.Equal((200, first.GetRawText()), (status, second.GetRawText()));
        Assert.False(original.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(["true"], replay.Headers.GetValues("Idempotent-Replayed"));
    }

    [Theory]
    [InlineData("customers", "name=B")]
    [InlineData("customers", "name=A&email=a@example.com")]
    [InlineData("setup_intents", "name=A")]
    public async Task The_same_key_with_other_parameters_is_refused(string path, string form)
    {
        var key = Guid.NewGuid().ToString();
        await Host.Post("customers", "name=A", key);
        AssertError(await Host.Post(path, form, key), 400, "idempotency_error", code: null);
    }

    [Fact]
    public async Task A_key_whose_call_is_under_way_is_in_use()
    {
        await using var host = await StripeHost.Start(TimeProvider.System);
        await host.InjectFault("POST /v1/customers", "delay", delayMs: 120_000);
        using var giveUp = new CancellationTokenSource();
        var first = Send(host, giveUp.Token);
        await Eventually.Holds(
            () => host.Http.GetStringAsync("/admin/simulators/stripe/faults"), faults => !faults.Contains("delay", StringComparison.Ordinal));
        AssertError(await host.Post("customers", "name=A", "key-2"), 409, "idempotency_error", "idempotency_key_in_use");
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task A_key_is_kept_no_longer_than_it_is_good_for()
    {
        await using var host = await StripeHost.Start();
        await host.Post("customers", "name=A", "key-1");
        await host.Advance(TimeSpan.FromHours(25));
        await host.Post("customers", "name=B", "key-2");
        Assert.Equal(1, host.KeysKept);
    }

    [Fact]
    public async Task Only_an_open_invoice_can_be_void()
    {
        var buyer = await Buyer.New(Host.Payments);
        var paid = await buyer.Subscribed();
        AssertError(await Host.Post($"invoices/{paid.InvoiceId}/void", ""), 400, "invalid_request_error", code: null);
    }

    [Fact]
    public async Task A_refusal_for_its_parameters_does_not_use_the_key_up()
    {
        AssertError(await Host.Post("customers", "nickname=A", "key-3"), 400, "invalid_request_error", "parameter_unknown", "nickname");
        Assert.Equal(200, (await Host.Post("customers", "name=A", "key-3")).Status);
    }

    [Fact]
    public async Task A_declined_card_is_answered_the_same_again()
    {
        var customer = await NewCustomer();
        var form = $"customer={customer}&payment_method=pm_card_chargeDeclined&confirm=true";
        var first = await Host.Post("setup_intents", form, "key-4");
        AssertError(first, 402, "card_error", "card_declined");
        Assert.Equal("generic_decline", first.Body.GetProperty("error").GetProperty("decline_code").GetString());
        Assert.Equal(first.Body.GetRawText(), (await Host.Post("setup_intents", form, "key-4")).Body.GetRawText());
    }

    [Theory]
    [InlineData("setup_intents", "payment_method=pm_card_visa&confirm=true", "parameter_missing", "customer")]
    [InlineData("setup_intents", "customer=cus_none&payment_method=pm_card_visa&confirm=true", "resource_missing", "customer")]
    [InlineData("subscriptions", "customer=CUSTOMER&default_payment_method=pm_none&items[0][price]=price_1", "resource_missing", "default_payment_method")]
    [InlineData("subscriptions", "customer=CUSTOMER&default_payment_method=METHOD", "parameter_missing", "items")]
    [InlineData("subscriptions", "customer=CUSTOMER&default_payment_method=METHOD&items[0][price]=price_none", "resource_missing", "items[0][price]")]
    [InlineData("subscriptions", "customer=CUSTOMER&default_payment_method=METHOD&items[0][price]=PRICE&items[0][quantity]=-1", "parameter_invalid_integer", "items[0][quantity]")]
    [InlineData("subscriptions", "customer=CUSTOMER&default_payment_method=METHOD&items[0][price]=PRICE&items[0][colour]=red", "parameter_unknown", "items[0][colour]")]
    [InlineData("subscriptions", "customer=CUSTOMER&default_payment_method=METHOD&items[0][price]=PRICE&payment_behavior=default_incomplete", "not_simulated", "payment_behavior")]
    [InlineData("customers", "name=A&default_payment_method=METHOD", "parameter_unknown", "default_payment_method")]
    [InlineData("prices", "currency=usd&unit_amount=1&product_data[name]=p", "not_simulated", "currency")]
    [InlineData("prices", "currency=jpy&product_data[name]=p", "parameter_missing", "unit_amount")]
    [InlineData("refunds", "", "parameter_missing", "payment_intent")]
    public async Task What_is_wrong_with_a_call_is_named_and_nothing_happens(string path, string form, string code, string param)
    {
        var buyer = await Buyer.New(Host.Payments);
        var method = await buyer.Method("pm_card_visa");
        var (_, price, _) = await Host.Post("prices", "currency=jpy&unit_amount=100&product_data[name]=p&recurring[interval]=month");
        form = form.Replace("CUSTOMER", buyer.Id, StringComparison.Ordinal)
            .Replace("METHOD", method, StringComparison.Ordinal)
            .Replace("PRICE", price.GetProperty("id").GetString(), StringComparison.Ordinal);
        AssertError(await Host.Post(path, form), 400, "invalid_request_error", code, param);
        Assert.Equal(new StripeHost.Totals(0, 0, 0, 0), await Host.TotalsOf(buyer.Id));
    }

    [Theory]
    [InlineData("customers/cus_none")]
    [InlineData("subscriptions/sub_none")]
    [InlineData("customers/sub_none")]
    public async Task An_unknown_id_in_the_address_is_404(string path) =>
        AssertError(await Host.Get(path), 404, "invalid_request_error", "resource_missing");

    [Fact]
    public async Task An_address_that_is_not_simulated_says_so() => AssertError(await Host.Post("tokens", ""), 404, "invalid_request_error", code: null);

    [Theory]
    [InlineData("Authorization", "Bearer sk_test_wrong", 401)]
    [InlineData("Authorization", "Bearer", 401)]
    [InlineData("Stripe-Version", "2020-01-01", 400)]
    public async Task A_wrong_key_or_version_is_refused(string header, string value, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/simulators/stripe/v1/customers");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await Host.Http.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Every_answer_has_a_request_id()
    {
        Assert.StartsWith("req_", (await Host.Get("customers")).Answer.Headers.GetValues("Request-Id").Single(), StringComparison.Ordinal);
        Assert.StartsWith("req_", (await Host.Get("nothing")).Answer.Headers.GetValues("Request-Id").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_asked_for_is_expanded_and_what_was_not_asked_for_is_an_id()
    {
        var buyer = await Buyer.New(Host.Payments);
        var paid = await buyer.Subscribed();
        var path = $"subscriptions/{paid.SubscriptionId}";
        Assert.Equal(paid.InvoiceId, (await Host.Get(path)).Body.GetProperty("latest_invoice").GetString());

        var invoice = (await Host.Get(path, "expand[]=latest_invoice")).Body.GetProperty("latest_invoice");
        Assert.Equal(paid.InvoiceId, invoice.GetProperty("id").GetString());
        Assert.False(invoice.TryGetProperty("payments", out _));

        var expanded = (await Host.Get("subscriptions", $"customer={buyer.Id}&expand[0]=data.latest_invoice.payments&expand[1]=data.customer")).Body;
        var subscription = expanded.GetProperty("data")[0];
        Assert.Equal(buyer.Id, subscription.GetProperty("customer").GetProperty("id").GetString());
        Assert.Equal(paid.PaymentId, subscription.GetProperty("latest_invoice").GetProperty("payments").GetProperty("data")[0]
            .GetProperty("payment").GetProperty("payment_intent").GetString());
    }

    [Theory]
    [InlineData("expand[]=nothing")]
    [InlineData("expand[]=email")]
    [InlineData("expand[]=a.b.c.d.e")]
    public async Task What_cannot_be_expanded_is_refused(string query) =>
        Assert.Equal(400, (await Host.Get($"customers/{await NewCustomer()}", query)).Status);

    [Fact]
    public async Task What_only_the_simulator_knows_is_not_answered()
    {
        var buyer = await Buyer.New(Host.Payments);
        var method = await buyer.Method("pm_card_visa");
        Assert.DoesNotContain("simulated", (await Host.Get($"payment_methods/{method}")).Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_are_paged_newest_first()
    {
        await using var host = await StripeHost.Start();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Insert(0, (await host.Post("customers", $"name={i}")).Body.GetProperty("id").GetString()!);
        var (first, second, third) = (await Page(""), await Page($"&starting_after={ids[1]}"), await Page($"&starting_after={ids[3]}"));
        Assert.Equal((string.Join(',', ids[..2]), true), first);
        Assert.Equal((string.Join(',', ids[2..4]), true), second);
        Assert.Equal((ids[4], false), third);
        Assert.Equal(400, (await host.Get("customers", "limit=101")).Status);

        async Task<(string Ids, bool More)> Page(string after)
        {
            var (_, page, _) = await host.Get("customers", $"limit=2{after}");
            var found = page.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString());
            return (string.Join(',', found), page.GetProperty("has_more").GetBoolean());
        }
    }

    [Fact]
    public async Task A_part_of_a_payment_can_be_given_back_and_the_rest_later()
    {
        var buyer = await Buyer.New(Host.Payments);
        var paid = await buyer.Subscribed();
        Assert.Equal(200, (await Host.Post("refunds", $"payment_intent={paid.PaymentId}&amount=1000")).Status);
        Assert.Equal(4980, (await buyer.Payments.RefundInFull(paid.PaymentId!, buyer.Key("refund"), default)).Jpy);
        AssertError(await Host.Post("refunds", $"payment_intent={paid.PaymentId}"), 400, "invalid_request_error", "charge_already_refunded");
    }

    [Fact]
    public async Task Nothing_that_was_answered_is_lost_when_the_platform_is_killed()
    {
        await using var host = await StripeHost.Start();
        var buyer = await Buyer.New(host.Payments);
        var paid = await buyer.Subscribed();
        var (_, made, _) = await host.Post("customers", "name=A", "key-5");

        await using var again = await host.StartAfterCrash();
        Assert.Equal(paid, await again.Payments.ReadSubscription(paid.SubscriptionId, default));
        Assert.Equal(made.GetRawText(), (await again.Post("customers", "name=A", "key-5")).Body.GetRawText());
        Assert.Equal(new StripeHost.Totals(1, 4980, 0, 1), await again.TotalsOf(buyer.Id));
    }

    [Theory]
    [InlineData("faults", """{"match":"","kind":"delay"}""")]
    [InlineData("faults", """{"match":"POST /v1/customers","kind":"delay","times":0}""")]
    [InlineData("faults", """{"match":"POST /v1/customers","kind":"delay","delay_ms":999999}""")]
    [InlineData("faults", """{"match":"POST /v1/customers"}""")]
    [InlineData("faults", """{"match":"POST /v1/customers","kind":"unknown"}""")]
    [InlineData("authenticate", """{"client_secret":"pi_1_secret_2","outcome":"succeed"}""")]
    [InlineData("authenticate", """{"client_secret":"pi_1_secret_2","outcome":"maybe"}""")]
    [InlineData("clock", """{"advance_seconds":-1}""")]
    [InlineData("clock", """nothing""")]
    public async Task What_an_operator_asks_for_is_checked(string path, string body)
    {
        using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var answer = await Host.Http.PostAsync($"/admin/simulators/stripe/{path}", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task An_operator_finds_the_customer_of_an_account_with_all_that_happened()
    {
        var buyer = await Buyer.New(Host.Payments);
        var paid = await buyer.Subscribed();
        await buyer.Payments.RefundInFull(paid.PaymentId!, buyer.Key("refund"), default);

        var found = JsonElement.Parse(await Host.Http.GetStringAsync($"/admin/simulators/stripe/customers?account={buyer.Customer.AccountId}"));
        var customer = Assert.Single(found.GetProperty("customers").EnumerateArray());
        Assert.Equal((buyer.Id, 4980, 4980), (
            customer.GetProperty("id").GetString(), customer.GetProperty("charged_jpy").GetInt64(), customer.GetProperty("refunded_jpy").GetInt64()));
        var shown = JsonElement.Parse(await Host.Http.GetStringAsync($"/admin/simulators/stripe/customers/{buyer.Id}"));
        foreach (var kind in new[] { "payment_methods", "setup_intents", "subscriptions", "invoices", "charges", "refunds" })
            Assert.Equal(1, shown.GetProperty(kind).GetArrayLength());
    }

    private static async Task Send(StripeHost host, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/simulators/stripe/v1/customers") { Content = new StringContent("name=A") };
        request.Headers.Add("Idempotency-Key", "key-2");
        using var answer = await host.Http.SendAsync(request, ct);
    }

    private async Task<string> NewCustomer() => (await Buyer.New(Host.Payments)).Id;

    private static void AssertError((int Status, JsonElement Body, HttpResponseMessage Answer) call, int status, string type, string? code, string? param = null)
    {
        var error = call.Body.GetProperty("error");
        Assert.Equal((status, type, code, param), (call.Status, error.GetProperty("type").GetString(), Text("code"), Text("param")));

        string? Text(string name) => error.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}

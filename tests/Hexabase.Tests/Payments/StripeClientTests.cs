using System.Collections.Concurrent;
using System.Text;
using Hexabase.Adapters.Stripe;
using Hexabase.Domain;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Payments;

/// <summary>What the adapter puts on the wire and how it takes each answer, also such as Stripe never gives.</summary>
public sealed class StripeClientTests
{
    private const string CustomerMade = """{"id":"cus_1"}""";

    /// <summary>Of the customer that is made; ends with the hash of its profile.</summary>
    private const string FirstKey = "up_1:customer:customer-c4ffb3db3fa4bb03";

    [Fact]
    public async Task A_call_has_the_key_the_version_an_idempotency_key_and_a_form()
    {
        await using var service = await Answering.Start((200, CustomerMade));
        Assert.Equal("cus_1", await Create(service.Payments));
        Assert.Equal(
            new Request("POST", "/v1/customers", $"Bearer {StripeHost.Key}", "2026-10-28.endive", FirstKey,
                "application/x-www-form-urlencoded; charset=us-ascii", "name=%C3%85%20%26%20B&metadata%5Baccount%5D=a1"),
            Assert.Single(service.Requests));
    }

    [Theory]
    [InlineData(409)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task What_passes_by_itself_is_tried_again_with_the_same_key(int status)
    {
        await using var service = await Answering.Start((status, "<html>not even JSON</html>"), (200, CustomerMade));
        Assert.Equal("cus_1", await Create(service.Payments));
        Assert.Equal(2, service.Requests.Count);
        Assert.Equal(service.Requests[0], service.Requests[1]);
    }

    [Fact]
    public async Task A_rate_limit_is_waited_for_whatever_its_status()
    {
        await using var service = await Answering.Start(
            (400, """{"error":{"type":"invalid_request_error","code":"rate_limit"}}"""), (200, CustomerMade));
        Assert.Equal("cus_1", await Create(service.Payments));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task What_does_not_pass_is_not_tried_again(int status)
    {
        await using var service = await Answering.Start((status, """{"error":{"type":"invalid_request_error","message":"It is wrong."}}"""));
        var e = await Assert.ThrowsAsync<PaymentsException>(() => Create(service.Payments));
        Assert.Equal($"Stripe refused POST v1/customers with {status}: invalid_request_error  : It is wrong.", e.Message);
        Assert.Single(service.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    public async Task What_passes_by_itself_but_did_not_is_unavailable_after_four_tries(int status)
    {
        await using var service = await Answering.Start((status, "{}"));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => Create(service.Payments));
        Assert.Equal(4, service.Requests.Count);
    }

    [Fact]
    public async Task What_Stripe_says_not_to_try_again_is_not()
    {
        await using var service = await Answering.Start((500, "{}"));
        service.Header = ("Stripe-Should-Retry", "false");
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => Create(service.Payments));
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task A_repeated_error_of_Stripes_own_spends_its_key_but_not_all_of_them_at_once()
    {
        await using var service = await Answering.Start((500, "{}"));
        service.Header = ("Idempotent-Replayed", "true");
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => Create(service.Payments));
        Assert.Equal(50, service.Requests.Select(request => request.IdempotencyKey).Distinct().Count());
        Assert.Equal([FirstKey, $"{FirstKey}:2"], service.Requests.Take(2).Select(request => request.IdempotencyKey));
    }

    [Fact]
    public async Task Nobody_there_is_unavailable()
    {
        var service = await Answering.Start((200, CustomerMade));
        await service.DisposeAsync();
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => Create(service.Payments));
    }

    [Fact]
    public async Task Cancelling_is_no_failure_of_Stripes()
    {
        await using var service = await Answering.Start((200, CustomerMade));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Create(service.Payments, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("", "is no JSON object")]
    [InlineData("[]", "is no JSON object")]
    [InlineData("""{"id":"sub_1" """, "is no JSON object")]
    [InlineData("{}", "no text at 'id'")]
    [InlineData("""{"id":7}""", "no text at 'id'")]
    [InlineData("""{"id":"sub_1","status":"active"}""", "no object at 'latest_invoice'")]
    [InlineData("""{"id":"sub_1","status":"active","latest_invoice":"in_1"}""", "no object at 'latest_invoice'")]
    [InlineData("""{"id":"sub_1","status":"active","latest_invoice":{"payments":{}}}""", "latest_invoice: payments: there is no list at 'data'")]
    [InlineData("""{"id":"sub_1","status":"active","latest_invoice":{"payments":{"data":[1]}}}""", "no object at 'data[0]'")]
    [InlineData("""{"id":"sub_1","status":"active","latest_invoice":{"status":"paid","payments":{"data":[]},"id":"in_1","amount_paid":1.5}}""", "no whole number at 'amount_paid'")]
    [InlineData("""{"id":"sub_1","status":"active","latest_invoice":{"status":"paid","payments":{"data":[]},"id":"in_1","amount_paid":1},"items":{"data":[]}}""", "no items")]
    [InlineData("""{"id":"sub_1","status":"active","latest_invoice":{"status":"paid","payments":{"data":[]},"id":"in_1","amount_paid":1},"items":{"data":[{"current_period_end":-1}]}}""", "no time at 'current_period_end'")]
    [InlineData("""{"id":"sub_1","status":"active","latest_invoice":{"status":"paid","payments":{"data":[]},"id":"in_1","amount_paid":1},"items":{"data":[{"current_period_end":1}]}}""", "no true or false at 'cancel_at_period_end'")]
    [InlineData("""{"id":"\ud800"}""", "no text at 'id'")]
    public async Task An_answer_of_another_shape_is_an_error_that_names_the_field(string answer, string named)
    {
        await using var service = await Answering.Start((200, answer));
        var e = await Assert.ThrowsAsync<PaymentsException>(() => service.Payments.ReadSubscription("sub_1", default));
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"status":"draft","payments":{"data":[]}}""", "processing")]
    [InlineData("""{"status":"open","payments":{"data":[]}}""", "processing")]
    [InlineData("""{"status":"open","payments":{"data":[{"status":"canceled"}]}}""", "processing")]
    [InlineData("""{"status":"void","payments":{"data":[]}}""", "invoice_given_up")]
    [InlineData("""{"status":"paid","payments":{"data":[]},"id":"in_1","amount_paid":0}""", "nothing due")]
    public async Task An_invoice_without_a_payment_is_told_by_its_own_state(string invoice, string state)
    {
        await using var service = await Answering.Start((200, $$"""
            {"id":"sub_1","status":"active","latest_invoice":{{invoice}},"cancel_at_period_end":false,"items":{"data":[{"current_period_end":1}]} }
            """));
        Assert.Equal(state, await service.Payments.ReadSubscription("sub_1", default) switch
        {
            SubscriptionPayment.Processing => "processing",
            SubscriptionPayment.Refused refused => refused.Refusal.Code,
            SubscriptionPayment.Paid { PaymentId: null, Jpy: 0 } => "nothing due",
            var other => $"{other}",
        });
    }

    [Fact]
    public async Task A_list_is_read_to_its_end()
    {
        await using var service = await Answering.Start(
            (200, "{}"),
            (200, """{"data":[{"id":"re_2","status":"succeeded","amount":1}],"has_more":true}"""),
            (200, """{"data":[{"id":"re_1","status":"pending","amount":2},{"id":"re_0","status":"failed","amount":9}],"has_more":false}"""));
        Assert.Equal(new PaymentRefund("re_2", 3), await service.Payments.RefundInFull("pi_1", "k", default));
        Assert.Equal(
            ["/v1/refunds", "/v1/refunds?payment_intent=pi_1&limit=100", "/v1/refunds?payment_intent=pi_1&limit=100&starting_after=re_2"],
            service.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task An_endless_answer_is_not_read()
    {
        await using var service = await Answering.Start((200, $$"""{"id":"{{new string('x', 5_000_000)}}"}"""));
        var e = await Assert.ThrowsAsync<PaymentsException>(() => Create(service.Payments));
        Assert.Contains("over the size limit", e.Message, StringComparison.Ordinal);
        Assert.Single(service.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("schlüssel")]
    [InlineData("LONG")]
    public async Task A_key_that_cannot_be_a_header_is_refused_before_anything_is_sent(string key)
    {
        await using var service = await Answering.Start((200, CustomerMade));
        key = key == "LONG" ? new string('k', 250) : key;
        await Assert.ThrowsAsync<ArgumentException>(() => service.Payments.CreateCustomer(new PaymentCustomer("a1", null, "A"), key, default));
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task Logs_name_the_request_and_tell_no_secret()
    {
        await using var host = await StripeHost.Start();
        var log = new CapturedLog();
        var buyer = await Buyer.New(StripeHost.NewPayments(host.Settings, log));
        await host.InjectFault("POST /v1/setup_intents", "drop_before");
        var waiting = Assert.IsType<PaymentMethodSetup.NeedsAuthentication>(await buyer.SetUp("pm_card_authenticationRequiredOnSetup"));
        await buyer.SetUp("pm_card_visa_chargeDeclinedLostCard", "lost");
        await host.InjectFault("GET /v1/setup_intents/*", "error500");
        await buyer.Payments.ReadSetup(waiting.SetupId, default);

        Assert.Contains("Stripe answered POST v1/setup_intents with 402, request req_", log.Text, StringComparison.Ordinal);
        Assert.Contains("Stripe did not answer POST v1/setup_intents", log.Text, StringComparison.Ordinal);
        Assert.Contains("with 500, request req_", log.Text, StringComparison.Ordinal);
        foreach (var secret in new[] { StripeHost.Key, waiting.ClientSecret, "_secret_", "pm_", "lost_card", buyer.Customer.Email! })
            Assert.DoesNotContain(secret, log.Text, StringComparison.Ordinal);
    }

    private static Task<string> Create(IPayments payments, CancellationToken ct = default) =>
        payments.CreateCustomer(new PaymentCustomer("a1", null, "Å & B"), "up_1:customer", ct);

    private sealed record Request(
        string Method, string Path, string Authorization, string Version, string IdempotencyKey, string? ContentType, string Body);

    /// <summary>A service that gives the answers it was told to, the last one again and again.</summary>
    private sealed class Answering : IAsyncDisposable
    {
        private readonly WebApplication server;
        private readonly ConcurrentQueue<Request> requests = new();

        private Answering(WebApplication server, (int Status, string Body)[] answers)
        {
            this.server = server;
            server.Run(async http =>
            {
                var answer = answers[Math.Min(requests.Count, answers.Length - 1)];
                using var reader = new StreamReader(http.Request.Body);
                var headers = http.Request.Headers;
                requests.Enqueue(new Request(
                    http.Request.Method, $"{http.Request.Path}{http.Request.QueryString}", headers.Authorization!, headers["Stripe-Version"]!, headers["Idempotency-Key"]!,
                    http.Request.ContentType, await reader.ReadToEndAsync()));
                if (Header is var (name, value))
                    http.Response.Headers[name] = value;
                http.Response.StatusCode = answer.Status;
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
            });
        }

        public (string Name, string Value)? Header { get; set; }

        public IReadOnlyList<Request> Requests => [.. requests];

        public IPayments Payments { get; private set; } = null!;

        public static async Task<Answering> Start(params (int Status, string Body)[] answers)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var service = new Answering(builder.Build(), answers);
            await service.server.StartAsync();
            service.Payments = StripeHost.NewPayments(new StripeSettings(new Uri(service.server.Urls.Single() + "/"), StripeHost.Key));
            return service;
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}

using System.Net;

namespace Hexabase.Tests.ServiceBus;

public sealed class SendApiTests
{
    private const string BatchType = "application/vnd.microsoft.servicebus.json";

    private static FakeFunctionApp App() => new(FakeFunctionApp.Function("runs"), FakeFunctionApp.Function("mail", sessions: false));

    [Fact]
    public async Task A_single_message_carries_its_properties_headers_and_raw_body()
    {
        var app = App();
        await using var host = await BusHost.Start(app);
        using var answer = await host.Post(
            "runs",
            """{"runId":"r_01"}""",
            """{"MessageId":"run-42","SessionId":"paid/3","CorrelationId":"c-9","Label":"r\u00fcn","TimeToLive":3600}""",
            headers: [("tenant", "\"t1\""), ("attempt", "2"), ("urgent", "true"), ("note", "as it is")]);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.ToString());
        Assert.Empty(await answer.Content.ReadAsStringAsync());

        var delivery = (await app.WaitFor(1))[0];
        Assert.Equal("Onruns", delivery.Function);
        Assert.Equal("""{"runId":"r_01"}""", delivery.Body);
        Assert.Equal(["run-42"], delivery.MessageIds);
        Assert.Equal(["paid/3"], delivery.SessionIds);
        Assert.Equal("\"rün\"", delivery.Metadata.GetProperty("Subject").GetString());
        Assert.Equal("""{"tenant":"t1","attempt":2,"urgent":true,"note":"as it is"}""", delivery.ApplicationProperties.GetRawText());
    }

    [Fact]
    public async Task A_batch_is_taken_in_its_order()
    {
        var app = App();
        await using var host = await BusHost.Start(app);
        using var answer = await host.Post("runs", """
            [{"Body":"{\"runId\":\"r1\"}","BrokerProperties":{"MessageId":"run-1","SessionId":"paid/0","TimeToLiveTimeSpan":"00:10:00"}},
             {"Body":"r2","BrokerProperties":{"MessageId":"run-2","SessionId":"paid/0"},"UserProperties":{"tenant":"t1","attempt":2}}]
            """, contentType: BatchType);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var deliveries = await app.WaitFor(2);
        Assert.Equal(["run-1", "run-2"], app.DeliveredIds);
        Assert.Equal("""{"runId":"r1"}""", deliveries[0].Body);
        Assert.Equal("""{"tenant":"t1","attempt":2}""", deliveries[1].ApplicationProperties.GetRawText());
    }

    [Theory]
    [InlineData("""[{"Body":"1","BrokerProperties":{"SessionId":"a"}},{"Body":"2"}]""")]
    [InlineData("""[{"Body":"1","BrokerProperties":{"SessionId":"a"}},{"Body":2,"BrokerProperties":{"SessionId":"a"}}]""")]
    [InlineData("""[{"Body":"1","BrokerProperties":{"SessionId":"a"}},{"BrokerProperties":{"SessionId":"a"}}]""")]
    [InlineData("""[{"Body":"1","BrokerProperties":{"SessionId":"a"}},null]""")]
    [InlineData("""[{"Body":"1","BrokerProperties":{"SessionId":"a"}}""")]
    public async Task Of_a_batch_with_one_bad_message_nothing_is_taken(string batch)
    {
        var app = App();
        await using var host = await BusHost.Start(app);
        using var answer = await host.Post("runs", batch, contentType: BatchType);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await host.Send("runs", BusHost.Message("after"));
        await app.WaitFor(1);
        Assert.Equal(["after"], app.DeliveredIds);
    }

    [Fact]
    public async Task With_a_charset_the_content_type_does_not_make_a_batch()
    {
        var app = App();
        await using var host = await BusHost.Start(app);
        using var answer = await host.Post("mail", "[]", contentType: BatchType + "; charset=utf-8");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("[]", (await app.WaitFor(1))[0].Body);
    }

    [Theory]
    [InlineData("""{"SessionId":"a" """)]
    [InlineData("""["SessionId"]""")]
    [InlineData("""{"SessionId":7}""")]
    [InlineData("""{"MessageId":"no session"}""")]
    [InlineData("""{"SessionId":"a","PartitionKey":"b"}""")]
    [InlineData("""{"SessionId":"a","ScheduledEnqueueTimeUtc":"tomorrow"}""")]
    [InlineData("""{"SessionId":"a","TimeToLive":0}""")]
    [InlineData("""{"SessionId":"a","TimeToLiveTimeSpan":"soon"}""")]
    [InlineData(null)]
    public async Task Bad_broker_properties_are_a_bad_request(string? brokerProperties)
    {
        await using var host = await BusHost.Start(App());
        using var answer = await host.Post("runs", "{}", brokerProperties);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("<Error><Code>400</Code><Detail>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"MessageId":""}""")]
    public async Task A_message_without_an_id_is_no_duplicate_of_another(string brokerProperties)
    {
        var app = App();
        await using var host = await BusHost.Start(app);
        for (var i = 0; i < 2; i++)
        {
            using var answer = await host.Post("mail", "{}", brokerProperties);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
        await app.WaitFor(2);
    }

    [Fact]
    public async Task A_property_with_half_a_surrogate_pair_is_a_bad_request()
    {
        await using var host = await BusHost.Start(App());
        using var single = await host.Post("mail", "{}", headers: [("half", "\"\\ud800\"")]);
        using var batch = await host.Post("mail", """[{"Body":"1","UserProperties":{"half":"\ud800"}}]""", contentType: BatchType);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (single.StatusCode, batch.StatusCode));
    }

    [Theory]
    [InlineData("evil.example", null, null)]
    [InlineData(null, "https://evil.example", null)]
    [InlineData(null, "null", null)]
    [InlineData(null, null, "cross-site")]
    public async Task Pages_of_other_sites_cannot_use_the_operator_s_routes(string? name, string? origin, string? site)
    {
        await using var host = await BusHost.Start(App());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "admin/servicebus/queues")) { Headers = { Host = name } };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        using var answer = await host.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData(128, HttpStatusCode.Created)]
    [InlineData(129, HttpStatusCode.BadRequest)]
    public async Task Ids_have_at_most_128_characters(int length, HttpStatusCode status)
    {
        await using var host = await BusHost.Start(App());
        var id = new string('x', length);
        foreach (var properties in new[] { $$"""{"SessionId":"{{id}}"}""", $$"""{"SessionId":"a","MessageId":"{{id}}"}""" })
        {
            using var answer = await host.Post("runs", "{}", properties);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData(262_144, HttpStatusCode.Created)]
    [InlineData(262_145, HttpStatusCode.Forbidden)]
    public async Task A_request_has_at_most_256_KB(int length, HttpStatusCode status)
    {
        await using var host = await BusHost.Start(App());
        using var answer = await host.Post("mail", new string('x', length));
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_queue_that_no_function_listens_to_is_not_found()
    {
        await using var host = await BusHost.Start(App());
        using var answer = await host.Post("nowhere", "{}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Queue_names_are_found_in_any_case()
    {
        var app = App();
        await using var host = await BusHost.Start(app);
        using var answer = await host.Post("MAIL", "{}");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await app.WaitFor(1);
    }

    [Fact]
    public async Task Without_a_valid_token_the_answer_is_401_in_xml()
    {
        await using var host = await BusHost.Start(App());
        using var answer = await host.Post("runs", "{}", token: host.Token("mail"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Matches(
            "^<Error><Code>401</Code><Detail>.+ TrackingId:.+, SystemTracker:.+, Timestamp:.+</Detail></Error>$",
            await answer.Content.ReadAsStringAsync());
    }
}

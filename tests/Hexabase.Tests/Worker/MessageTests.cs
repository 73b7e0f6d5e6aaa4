using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Worker;
using Hexabase.Worker.Envelopes;

namespace Hexabase.Tests.Worker;

public sealed class MessageTests
{
    [Fact]
    public async Task A_message_arrives_with_its_body_and_metadata()
    {
        var message = await Receive(AsHost.Message("""{"run_id":"run_1"}"""));

        Assert.Equal("""{"run_id":"run_1"}""", message.Body.ToString());
        Assert.Equal("m-1", message.MessageId);
        Assert.Equal("tenant-1", message.SessionId);
        Assert.Equal(1, message.DeliveryCount);
        Assert.Equal(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero), message.EnqueuedTime);
        Assert.Equal("c-9", message.CorrelationId);
        Assert.Equal("job", message.Subject);
        Assert.Equal(27, message.SequenceNumber);
        Assert.Equal("application/json", message.ContentType);
        Assert.Equal(
            new Dictionary<string, object>(StringComparer.Ordinal) { ["tenant"] = "t1", ["prio"] = 5L, ["ratio"] = 0.5, ["urgent"] = true },
            message.ApplicationProperties);
    }

    [Fact]
    public async Task Any_body_arrives_as_it_was_sent()
    {
        await using var app = await WorkerApp.Start(typeof(OnMessage));
        var sent = DoubleEncodingTests.Texts.Generator.Sample(30, 50).ToArray();
        foreach (var body in sent)
        {
            using var reply = await app.Invoke("OnMessage", AsHost.Message(body));
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        }

        Assert.Equal(sent, app.Received.All<ServiceBusReceivedMessage>().Select(m => m.Body.ToString()));
    }

    [Theory] // custom-handlers.md §5, "Trap"
    [InlineData("""{"SessionId":"x","DeliveryCount":99,"MessageId":"y"}""")]
    [InlineData("""{"sessionid":"x","DELIVERYCOUNT":99,"messageID":{"a":1}}""")]
    [InlineData("""{"Session\u0049d":"x","DeliveryCount":true,"MessageId":""}""")]
    [InlineData("""{"SessionId":"x","SessionId":null,"DeliveryCount":1.5,"MessageId":"y"}""")]
    [InlineData("  \n{'SessionId':'x', DeliveryCount:99, MessageId:'y'}")] // The host's parser takes it, a strict one does not.
    [InlineData("\u00a0{\"SessionId\":\"x\",\"DeliveryCount\":99,\"MessageId\":\"y\",}")]
    public async Task Metadata_that_the_body_may_have_forged_is_unknown(string body)
    {
        var message = await Receive(AsHost.Envelope(AsHost.Twice(body), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SessionId"] = AsHost.Twice("forged"),
            ["MessageId"] = AsHost.Twice("forged"),
            ["DeliveryCount"] = "\"99\"",
        }));

        Assert.Null(message.SessionId);
        Assert.Null(message.MessageId);
        Assert.Equal(0, message.DeliveryCount);
        Assert.Equal(body, message.Body.ToString());
    }

    [Fact]
    public async Task Forging_one_member_leaves_the_others_known()
    {
        var message = await Receive(AsHost.Message("""{"subject":"x","enqueuedTimeUtc":"2001-01-01T00:00:00Z","applicationProperties":{"tenant":"evil"}}"""));

        Assert.Null(message.Subject);
        Assert.Equal(default, message.EnqueuedTime);
        Assert.Empty(message.ApplicationProperties);
        Assert.Equal("tenant-1", message.SessionId);
        Assert.Equal("m-1", message.MessageId);
    }

    [Theory]
    [InlineData("""{"SessionId":null,"MessageId":[1]}""")] // The host leaves nulls and arrays out.
    [InlineData("""{"job":{"SessionId":"x"}}""")]
    [InlineData("""[{"SessionId":"x"}]""")]
    [InlineData("SessionId")]
    public async Task A_body_that_cannot_forge_leaves_metadata_known(string body)
    {
        var message = await Receive(AsHost.Message(body));

        Assert.Equal("tenant-1", message.SessionId);
        Assert.Equal("m-1", message.MessageId);
    }

    [Fact]
    public void No_body_makes_forged_metadata_known() =>
        Prop.ForAll(DoubleEncodingTests.Texts, ArbMap.Default.ArbFor<bool>(), (value, upper) =>
        {
            var name = upper ? "SESSIONID" : "sessionId";
            var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value });
            return ForgedMetadata.By(body) == MessageMetadata.SessionId;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("MessageId", "{}")]
    [InlineData("MessageId", "\"\\ud800\"")]
    [InlineData("SessionId", "[1,2]")]
    [InlineData("DeliveryCount", "\"many\"")]
    [InlineData("DeliveryCount", "\"99999999999999999999\"")]
    [InlineData("SequenceNumber", "true")]
    [InlineData("EnqueuedTimeUtc", "\"yesterday\"")]
    [InlineData("ApplicationProperties", "\"{\"")]
    [InlineData("ApplicationProperties", "[]")]
    [InlineData("ApplicationProperties", "{\"\\ud800\":\"\\ud800\"}")]
    [InlineData("ApplicationProperties", "{\"a\":1e999}")]
    public async Task Unreadable_metadata_never_fails_an_invocation(string name, string json)
    {
        var message = await Receive(AsHost.Message("hi", (name, json)));

        Assert.Equal("hi", message.Body.ToString());
    }

    [Fact]
    public async Task Without_metadata_all_is_unknown()
    {
        var message = await Receive("""{"Data":{"msg":"\"hi\""}}""");

        Assert.Equal("hi", message.Body.ToString());
        Assert.Null(message.MessageId);
        Assert.Empty(message.ApplicationProperties);
    }

    [Theory] // custom-handlers.md §5: formatted and parsed again, so without fraction and, for UTC, without Z
    [InlineData("2026-01-15T00:00:01")]
    [InlineData("2026-01-15T00:00:01Z")]
    [InlineData("2026-01-15T00:00:01+00:00")]
    [InlineData("2026-01-15T09:00:01+09:00")]
    [InlineData("2026-01-15T00:00:01.0000000Z")]
    public void A_date_without_zone_is_UTC(string text)
    {
        Assert.True(HostDates.TryParse(text, out var utc));
        Assert.Equal(new DateTimeOffset(2026, 1, 15, 0, 0, 1, TimeSpan.Zero), utc);
        Assert.Equal(TimeSpan.Zero, utc.Offset);
    }

    [Theory]
    [InlineData("\"AAECAw==\"", new byte[] { 0, 1, 2, 3 })]
    [InlineData("\"1234\"", new byte[] { 0xd7, 0x6d, 0xf8 })] // Also the JSON of a number: the function's type decides.
    [InlineData("\"\"", new byte[0])]
    [InlineData("\"\\\"hi\\\"\"", new byte[] { (byte)'h', (byte)'i' })]
    public async Task Bytes_arrive_from_base64(string data, byte[] bytes)
    {
        await using var app = await WorkerApp.Start(typeof(OnBytes));
        using var reply = await app.Invoke("OnBytes", AsHost.Envelope(data));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(bytes, app.Received.Single<byte[]>());
    }

    private static async Task<ServiceBusReceivedMessage> Receive(string envelope)
    {
        await using var app = await WorkerApp.Start(typeof(OnMessage));
        using var reply = await app.Invoke("OnMessage", envelope);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return app.Received.Single<ServiceBusReceivedMessage>();
    }
}

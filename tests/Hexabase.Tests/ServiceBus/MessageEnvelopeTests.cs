using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Local.ServiceBus;

namespace Hexabase.Tests.ServiceBus;

/// <summary>The samples are those of the protocol sheet (custom-handlers.md, section 5.3).</summary>
public sealed class MessageEnvelopeTests
{
    private const string Body = """{"jobId":"j-1","attempt":2,"tags":["a"],"opts":{"x":1},"dueAt":"2026-01-16T09:00:00Z","note":null,"ok":true}""";

    private const string SheetData =
        """{"msg":"\"{\\\"jobId\\\":\\\"j-1\\\",\\\"attempt\\\":2,\\\"tags\\\":[\\\"a\\\"],\\\"opts\\\":{\\\"x\\\":1},\\\"dueAt\\\":\\\"2026-01-16T09:00:00Z\\\",\\\"note\\\":null,\\\"ok\\\":true}\""}""";

    /// <summary>Of the sheet's sample, without <c>sys</c> (which the caller adds), <c>LockToken</c> (by chance) and <c>Client</c> (a name of the place).</summary>
    private const string SheetMetadata = """
        {"MessageReceiver":{"SessionLockedUntil":"2026-01-15T00:01:00+00:00"},"MessageSession":{"SessionLockedUntil":"2026-01-15T00:01:00+00:00"},
        "MessageActions":{"SessionLockedUntil":"2026-01-15T00:01:00+00:00"},"SessionActions":{"SessionLockedUntil":"2026-01-15T00:01:00+00:00"},"ReceiveActions":{},
        "DeliveryCount":"1",
        "ExpiresAtUtc":"2026-01-29T00:00:00","ExpiresAt":"2026-01-29T00:00:00+00:00","EnqueuedTimeUtc":"2026-01-15T00:00:00","EnqueuedTime":"2026-01-15T00:00:00+00:00",
        "MessageId":"\"m-1\"","ContentType":"\"application/json\"","SequenceNumber":"27","Subject":"\"job\"","Label":"\"job\"","CorrelationId":"\"c-9\"",
        "ApplicationProperties":{"tenant":"t1","prio":5},"UserProperties":{"tenant":"t1","prio":5},"SessionId":"\"tenant-1\"","PartitionKey":"\"tenant-1\"",
        "jobId":"\"j-1\"","attempt":"\"2\"","opts":{"x":1},"dueAt":"\"01/16/2026 09:00:00\"","ok":"\"True\""}
        """;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly DateTimeOffset LockedUntil = new(2026, 1, 15, 0, 1, 0, 250, TimeSpan.Zero);

    [Fact]
    public void One_message_is_written_as_in_the_sample()
    {
        Assert.Equal(SheetData, Data([Message(Body)]));
        var metadata = JsonNode.Parse(Metadata([Message(Body)]))!.AsObject();
        Assert.True(metadata.Remove("LockToken", out var token));
        Assert.True(Guid.TryParse(JsonSerializer.Deserialize<string>((string)token!), out _));
        Assert.True(metadata.Remove("Client"));
        Assert.Equal(SheetMetadata.ReplaceLineEndings(""), metadata.ToJsonString(Relaxed));
    }

    [Fact]
    public void A_body_overwrites_metadata_of_the_same_name_in_any_case()
    {
        const string Forging = """{"sessionid":"forged","DELIVERYCOUNT":99,"ApplicationProperties":{"admin":true},"MyTrigger":"x"}""";
        var metadata = JsonElement.Parse(Metadata([Message(Forging)]));
        Assert.Equal("\"forged\"", metadata.GetProperty("SessionId").GetString());
        Assert.Equal("\"99\"", metadata.GetProperty("DeliveryCount").GetString());
        Assert.Equal("""{"admin":true}""", metadata.GetProperty("ApplicationProperties").GetRawText());
        Assert.False(metadata.TryGetProperty("sessionid", out _));
        Assert.False(metadata.TryGetProperty("MyTrigger", out _));
    }

    [Theory]
    [InlineData("plain text", "\"plain text\"")]
    [InlineData("", "\"\"")]
    [InlineData("\"quoted\" ü 漢 \t", "\"\\\"quoted\\\" ü 漢 \\t\"")]
    [InlineData("[1,2]", "\"[1,2]\"")]
    [InlineData("{broken", "\"{broken\"")]
    public void Text_of_any_kind_is_encoded_twice(string body, string encodedOnce) =>
        Assert.Equal(encodedOnce, JsonElement.Parse(Data([Message(body)])).GetProperty("msg").GetString());

    [Theory]
    [InlineData("""{"jobId":"j","half":"\ud800"}""")]
    [InlineData("""{"jobId":"j","\udc00":1}""")]
    [InlineData("""{"jobId":"j","nested":{"half":"x\ud83d"}}""")]
    public void A_body_with_half_a_surrogate_pair_counts_as_plain_text(string body)
    {
        Assert.Equal(JsonSerializer.Serialize(body, Relaxed), JsonElement.Parse(Data([Message(body)])).GetProperty("msg").GetString());
        Assert.False(JsonElement.Parse(Metadata([Message(body)])).TryGetProperty("jobId", out _));
    }

    [Fact]
    public void A_body_with_an_escaped_surrogate_pair_is_json() =>
        Assert.Equal("\"\\uD83D\\uDE00\"", JsonElement.Parse(Metadata([Message("""{"smile":"\ud83d\ude00"}""")])).GetProperty("smile").GetString());

    [Fact]
    public void Properties_that_are_not_set_are_left_out()
    {
        var bare = Message("x") with { Properties = new BrokerProperties { MessageId = "m-1" }, ExpiresAt = null };
        var metadata = JsonElement.Parse(Metadata([bare]));
        Assert.False(metadata.TryGetProperty("SessionId", out _));
        Assert.False(metadata.TryGetProperty("ReplyTo", out _));
        Assert.Equal("9999-12-31T23:59:59+00:00", metadata.GetProperty("ExpiresAt").GetString());
    }

    [Fact]
    public void Many_messages_are_texts_of_arrays_under_keys_with_the_suffix_Array()
    {
        var second = Message("two") with { Sequence = 28, DeliveryCount = 3, Properties = new BrokerProperties { MessageId = "m-2" } };
        IReadOnlyList<BusMessage> messages = [Message("""{"a":1}"""), second];
        Assert.Equal("""["{\"a\":1}","two"]""", JsonElement.Parse(Data(messages, many: true)).GetProperty("msg").GetString());
        var metadata = JsonElement.Parse(Metadata(messages, many: true));
        Assert.Equal("""["m-1","m-2"]""", metadata.GetProperty("MessageIdArray").GetString());
        Assert.Equal("[1,3]", metadata.GetProperty("DeliveryCountArray").GetString());
        Assert.Equal("[27,28]", metadata.GetProperty("SequenceNumberArray").GetString());
        Assert.Equal("""["tenant-1",null]""", metadata.GetProperty("SessionIdArray").GetString());
        Assert.Equal("[null,null]", metadata.GetProperty("DeadLetterSourceArray").GetString());
        Assert.Equal("""["2026-01-15T00:00:00","2026-01-15T00:00:00"]""", metadata.GetProperty("EnqueuedTimeUtcArray").GetString());
        Assert.Equal(
            """[{"tenant":"t1","prio":5},{"tenant":"t1","prio":5}]""", metadata.GetProperty("ApplicationPropertiesArray").GetString());
        Assert.False(metadata.TryGetProperty("MessageId", out _));
        Assert.False(metadata.TryGetProperty("a", out _));
    }

    private static string Data(IReadOnlyList<BusMessage> messages, bool many = false) =>
        FakeFunctionApp.Write(json => new MessageEnvelope(Queue(many)).WriteData(json, messages));

    private static string Metadata(IReadOnlyList<BusMessage> messages, bool many = false) =>
        FakeFunctionApp.Write(json => new MessageEnvelope(Queue(many)).WriteMetadata(json, messages, LockedUntil));

    private static BusQueue Queue(bool many) =>
        new("jobs", "JobWorker", "msg", HasSessions: true, many, BatchSize: 10, Receivers: 1, new QueueSettings());

    private static BusMessage Message(string body) => new(
        27,
        new BrokerProperties
        {
            MessageId = "m-1",
            SessionId = "tenant-1",
            PartitionKey = "tenant-1",
            CorrelationId = "c-9",
            Label = "job",
            ContentType = "application/json",
        },
        """{"tenant":"t1","prio":5}""",
        Encoding.UTF8.GetBytes(body),
        new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero),
        new DateTimeOffset(2026, 1, 29, 0, 0, 0, TimeSpan.Zero),
        1);
}

using System.Net;
using Hexabase.Worker;

namespace Hexabase.Tests.Worker;

public sealed class MessageBatchTests
{
    [Fact]
    public async Task A_batch_arrives_in_order_with_the_metadata_of_each()
    {
        var batch = await Receive(AsHost.Envelope(
            AsHost.Twice(new[] { """{"SessionId":"x"}""", "\"quoted\"", "plain" }),
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["MessageIdArray"] = AsHost.Twice(new[] { "m-1", "\"m-2\"", "3" }),
                ["SessionIdArray"] = AsHost.Twice(new[] { "s", "s", null }),
                ["DeliveryCountArray"] = AsHost.Twice(new[] { 1, 2, 3 }),
                ["SequenceNumberArray"] = AsHost.Twice(new[] { 7L, 8L, 9L }),
                ["EnqueuedTimeUtcArray"] = AsHost.Twice(new[] { "2026-01-15T00:00:00Z", "2026-01-15T00:00:01", "" }),
                ["ApplicationPropertiesArray"] = AsHost.Twice(new object[] { new { tenant = "t1" }, new { }, new { prio = 5 } }),
            }));

        Assert.Equal(["""{"SessionId":"x"}""", "\"quoted\"", "plain"], batch.Select(m => m.Body.ToString()));
        Assert.Equal(["m-1", "\"m-2\"", "3"], batch.Select(m => m.MessageId));
        Assert.Equal(["s", "s", null], batch.Select(m => m.SessionId));
        Assert.Equal([1, 2, 3], batch.Select(m => m.DeliveryCount));
        Assert.Equal([7L, 8L, 9L], batch.Select(m => m.SequenceNumber));
        Assert.Equal([0, 1, -1], batch.Select(m => m.EnqueuedTime == default ? -1 : m.EnqueuedTime.Second));
        Assert.Equal("t1", batch[0].ApplicationProperties["tenant"]);
        Assert.Empty(batch[1].ApplicationProperties);
        Assert.Equal(5L, batch[2].ApplicationProperties["prio"]);
    }

    [Fact]
    public async Task Metadata_arrays_that_are_missing_short_or_broken_are_unknown()
    {
        var batch = await Receive(AsHost.Envelope(AsHost.Twice(new[] { "a", "b" }), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MessageIdArray"] = AsHost.Twice(new[] { "m-1" }),
            ["SessionIdArray"] = "\"[\"",
            ["SubjectArray"] = "[\"x\",\"\\ud800\"]",
            ["ApplicationPropertiesArray"] = "{}",
        }));

        Assert.Equal(["m-1", null], batch.Select(m => m.MessageId));
        Assert.All(batch, m => Assert.Null(m.SessionId));
        Assert.Equal(["x", null], batch.Select(m => m.Subject));
        Assert.All(batch, m => Assert.Empty(m.ApplicationProperties));
    }

    [Fact]
    public async Task Messages_that_are_objects_or_a_real_array_are_taken_too()
    {
        var batch = await Receive(AsHost.Envelope("""[{"a":1},"b"]"""));

        Assert.Equal(["""{"a":1}""", "b"], batch.Select(m => m.Body.ToString()));
    }

    [Fact]
    public async Task A_batch_that_is_not_an_array_fails()
    {
        await using var app = await WorkerApp.Start(typeof(OnBatch));
        using var reply = await app.Invoke("OnBatch", AsHost.Envelope(AsHost.Twice("hi")));

        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
    }

    private static async Task<IReadOnlyList<ServiceBusReceivedMessage>> Receive(string envelope)
    {
        await using var app = await WorkerApp.Start(typeof(OnBatch));
        using var reply = await app.Invoke("OnBatch", envelope);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return app.Received.Single<IReadOnlyList<ServiceBusReceivedMessage>>();
    }
}

using System.Text.Json;
using Hexabase.Domain.Messaging;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.ServiceBus;

/// <summary>What the sender puts on the wire and how it takes each answer (service-bus-rest.md, sections 2 and 4).</summary>
public sealed class ServiceBusSenderTests
{
    private static readonly Answer Taken = new(201);

    private readonly ImpatientClock clock = new();

    [Fact]
    public async Task Messages_go_as_one_batch_with_everything_in_it()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var service = await AnsweringService.Start(Taken);
        var due = new DateTimeOffset(2026, 1, 15, 9, 0, 0, 1, TimeSpan.Zero);
        await Send(
            service,
            new OutgoingMessage("m-1", "paid/0", "{\"a\":\"é\"}"u8.ToArray(), "c-1", "run", due),
            new OutgoingMessage("m-2", null, "{}"u8.ToArray(), "c-2", TraceParent: Trace));
        var request = Assert.Single(service.Requests);
        Assert.Equal("/runs/messages", request.Path);
        Assert.Equal("application/vnd.microsoft.servicebus.json", request.ContentType);
        Assert.StartsWith("SharedAccessSignature sr=http%3A%2F%2F127.0.0.1%3A", request.Authorization, StringComparison.Ordinal);
        Assert.Equal(
            """
            [{"Body":"{\"a\":\"é\"}","BrokerProperties":{"MessageId":"m-1","SessionId":"paid/0","CorrelationId":"c-1","Label":"run",
            "ContentType":"application/json","ScheduledEnqueueTimeUtc":"Thu, 15 Jan 2026 09:00:01 GMT"}},
            {"Body":"{}","BrokerProperties":{"MessageId":"m-2","CorrelationId":"c-2","ContentType":"application/json"},
            "UserProperties":{"Diagnostic-Id":"TRACE","traceparent":"TRACE"}}]
            """.ReplaceLineEndings("").Replace("TRACE", Trace, StringComparison.Ordinal),
            request.Body);
    }

    [Fact]
    public async Task More_than_fits_goes_in_several_batches_in_order()
    {
        await using var service = await AnsweringService.Start(Taken);
        var messages = Enumerable.Range(0, 10).Select(i => BusHost.Message($"{i}", body: new string('x', 60_000))).ToArray();
        await Send(service, messages);
        Assert.Equal(3, service.Requests.Count);
        Assert.All(service.Requests, r => Assert.True(r.Body.Length <= 250_000));
        var ids = service.Requests.SelectMany(r => JsonElement.Parse(r.Body).EnumerateArray())
            .Select(m => m.GetProperty("BrokerProperties").GetProperty("MessageId").GetString()!);
        Assert.Equal([.. messages.Select(m => m.MessageId)], [.. ids]);
    }

    public static TheoryData<OutgoingMessage> MessagesThatNoQueueTakes() =>
    [
        BusHost.Message("large", body: new string('x', 250_000)),
        BusHost.Message(""),
        BusHost.Message(new string('m', 129)),
        BusHost.Message("m", session: ""),
        BusHost.Message("m", session: new string('s', 129)),
    ];

    [Theory]
    [MemberData(nameof(MessagesThatNoQueueTakes), DisableDiscoveryEnumeration = true)]
    public async Task A_message_that_no_queue_takes_is_rejected_before_anything_is_sent(OutgoingMessage bad)
    {
        await using var service = await AnsweringService.Start(Taken);
        var e = await Assert.ThrowsAsync<MessagingException>(() => Send(service, BusHost.Message("good"), bad));
        Assert.True(e.IsRejection);
        Assert.Empty(service.Requests);
    }

    [Theory]
    [InlineData(0)] // no answer: it may have been taken, and the message id drops the second
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_passes_by_itself_is_tried_again_with_the_same_messages_at_growing_distances(int status)
    {
        await using var service = await AnsweringService.Start(new(status), new(status), new(status), Taken);
        await Send(service, BusHost.Message("m"));
        Assert.Equal(4, service.Requests.Count);
        Assert.Single(service.Requests.Select(r => r.Body).Distinct(StringComparer.Ordinal));
        Assert.Collection(
            clock.Waits,
            first => Assert.InRange(first.TotalSeconds, 0.2, 0.26),
            second => Assert.InRange(second.TotalSeconds, 0.6, 0.78),
            third => Assert.InRange(third.TotalSeconds, 1.8, 2.34));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(503)]
    public async Task After_four_tries_the_sender_gives_up_and_sending_later_may_work(int status)
    {
        await using var service = await AnsweringService.Start(new Answer(status));
        var e = await Assert.ThrowsAsync<MessagingException>(() => Send(service, BusHost.Message("m")));
        Assert.False(e.IsRejection);
        Assert.Equal(4, service.Requests.Count);
    }

    [Theory]
    [InlineData(429, "")]
    [InlineData(403, "<Error><Code>403</Code><Detail>The namespace is being throttled. Error code : 50009.</Detail></Error>")]
    [InlineData(403, "SubCode=50008")]
    public async Task Throttled_it_waits_ten_seconds_and_stops_within_half_a_minute(int status, string body)
    {
        await using var service = await AnsweringService.Start(new Answer(status, body));
        var e = await Assert.ThrowsAsync<MessagingException>(() => Send(service, BusHost.Message("m")));
        Assert.False(e.IsRejection);
        Assert.All(clock.Waits, wait => Assert.InRange(wait.TotalSeconds, 10, 13));
        Assert.Equal(2, clock.Waits.Count);
        Assert.Equal(3, service.Requests.Count);
    }

    [Theory]
    [InlineData("2", 1)]
    [InlineData("Thu, 15 Jan 2026 12:00:02 GMT", 1)]
    [InlineData("3600", 0)]
    public async Task How_long_the_service_asks_to_wait_is_how_long_it_waits_if_it_waits_at_all(string retryAfter, int waits)
    {
        await using var service = await AnsweringService.Start(new Answer(429, RetryAfter: retryAfter), Taken);
        var sending = Send(service, BusHost.Message("m"));
        if (waits == 0)
            await Assert.ThrowsAsync<MessagingException>(() => sending);
        else
            await sending;
        Assert.Equal(waits, clock.Waits.Count);
        Assert.All(clock.Waits, wait => Assert.InRange(wait.TotalSeconds, 2, 2.6));
    }

    [Fact]
    public async Task A_401_is_tried_once_more_with_a_new_token()
    {
        await using var service = await AnsweringService.Start(new(401), Taken);
        await Send(service, BusHost.Message("m"));
        Assert.Equal(2, service.Requests.Count);

        await using var closed = await AnsweringService.Start(new Answer(401));
        var e = await Assert.ThrowsAsync<MessagingException>(() => Send(closed, BusHost.Message("m")));
        Assert.False(e.IsRejection);
        Assert.Equal(2, closed.Requests.Count);
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(403, false)] // no right, or the queue is full
    [InlineData(404, false)]
    [InlineData(410, false)]
    [InlineData(413, true)]
    public async Task A_final_answer_is_not_tried_again(int status, bool isRejection)
    {
        await using var service = await AnsweringService.Start(new Answer(status));
        var e = await Assert.ThrowsAsync<MessagingException>(() => Send(service, BusHost.Message("m")));
        Assert.Equal(isRejection, e.IsRejection);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task What_the_service_explains_is_told_on_one_line_of_bounded_length()
    {
        await using var service = await AnsweringService.Start(new Answer(400, "SessionId is\r\n\u0007missing. " + new string('x', 10_000)));
        var e = await Assert.ThrowsAsync<MessagingException>(() => Send(service, BusHost.Message("m", body: "\"the body\"")));
        Assert.StartsWith("Queue 'runs' answered 400: SessionId is   missing. xxx", e.Message, StringComparison.Ordinal);
        Assert.InRange(e.Message.Length, 1, 600);
    }

    [Fact]
    public async Task A_cancelled_sending_does_not_wait_for_its_next_try()
    {
        await using var service = await AnsweringService.Start(new Answer(503));
        using var cancelled = new CancellationTokenSource();
        var standing = new ManualTimeProvider();
        var sending = service.NewSender(standing).Send("runs", [BusHost.Message("m")], cancelled.Token);
        await Eventually.Holds(() => standing.PendingTimers > 0, "it waits");
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Single(service.Requests);
    }

    private Task Send(AnsweringService service, params OutgoingMessage[] messages) =>
        service.NewSender(clock).Send("runs", messages, CancellationToken.None);
}

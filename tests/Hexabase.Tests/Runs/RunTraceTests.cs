using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Messaging;

namespace Hexabase.Tests.Runs;

/// <summary>A run belongs to the trace of the request that asked for it, whoever sends it and whenever it is executed.</summary>
public sealed class RunTraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly ActivityListener listener;

    public RunTraceTests()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    public void Dispose() => listener.Dispose();

    [Fact]
    public async Task The_message_of_a_run_carries_the_trace_of_the_request_when_the_outbox_sweep_sends_it()
    {
        await using var area = await RunsArea.New();
        var request = await Requested(area);

        var sent = await SentBySweep(area);

        Assert.Equal(request, sent.TraceParent);
        Assert.Equal("test", sent.CorrelationId);
    }

    [Fact]
    public async Task The_span_of_a_run_is_a_child_of_the_request_and_linked_to_the_delivery()
    {
        await using var area = await RunsArea.New();
        var request = await Requested(area);
        var sent = await SentBySweep(area);

        var delivery = await Delivered(area, sent);

        var span = Span(sent.MessageId);
        Assert.Equal((request, ActivityKind.Consumer), (span.ParentId, span.Kind));
        Assert.Equal(delivery, Assert.Single(span.Links).Context);
    }

    [Fact]
    public async Task The_span_of_a_second_try_is_a_child_of_the_same_request()
    {
        await using var area = await RunsArea.New();
        var request = await Requested(area);
        var first = await SentBySweep(area);
        area.Blobs.IsDown = true;
        await Delivered(area, first);
        area.Blobs.IsDown = false;
        ended.Clear();

        var second = await SentBySweep(area);
        await Delivered(area, second);

        Assert.NotEqual(first.MessageId, second.MessageId);
        Assert.Equal(request, second.TraceParent);
        Assert.Equal(request, Span(first.MessageId).ParentId);
    }

    [Fact]
    public async Task What_a_run_stores_is_stored_within_its_span()
    {
        await using var area = await RunsArea.New();
        await Requested(area);
        var sent = await SentBySweep(area);
        Activity? storing = null;
        area.Blobs.OnPut = () =>
        {
            storing = Activity.Current;
            return Task.CompletedTask;
        };

        await Delivered(area, sent);

        Assert.Same(Span(sent.MessageId), storing);
    }

    /// <summary>Asks for a run within the span of a request.</summary>
    /// <returns>The request's place in its trace.</returns>
    private static async Task<string> Requested(RunsArea area)
    {
        using var request = new Activity("request").Start();
        await area.Accepted("key");
        return request.Id!;
    }

    /// <summary>Sends what is in the outbox within the span of the sweep's own invocation, which is not the request's.</summary>
    private static async Task<OutgoingMessage> SentBySweep(RunsArea area)
    {
        using var sweep = new Activity("sweep").Start();
        area.Clock.Advance(TimeSpan.FromMinutes(1));
        await area.ResendOutbox.Handle(default);
        return area.Queue.Messages.Last();
    }

    private static async Task<ActivityContext> Delivered(RunsArea area, OutgoingMessage message)
    {
        using var delivery = new Activity("delivery").Start();
        var job = JsonSerializer.Deserialize<JobMessage>(message.Body.Span, DomainJson.Options)!;
        await area.Execute.Handle(job, default);
        Assert.Same(delivery, Activity.Current);
        return delivery.Context;
    }

    /// <summary>The one span of a run; tests beside this one have theirs.</summary>
    private Activity Span(string runId) => Assert.Single(ended, span => runId.Equals(span.GetTagItem("run.id")));
}

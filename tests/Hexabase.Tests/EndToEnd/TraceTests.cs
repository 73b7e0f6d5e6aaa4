using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd;

/// <summary>One trace from a visitor's request through commit, outbox and queue to the run's execution in another invocation.</summary>
[Collection(PlatformCollection.Name)]
public sealed class TraceTests
{
    [Fact]
    public async Task A_run_is_in_the_trace_and_under_the_correlation_id_of_the_request_that_asked_for_it()
    {
        await using var collector = await TraceCollector.Start();
        await using var platform = await PlatformProcess.Start(settings: collector.Settings);
        using var visitor = new Visitor(platform) { CorrelationId = "trace-test" };
        await visitor.SignIn("traced@example.com");
        var trace = Guid.NewGuid().ToString("N");
        visitor.TraceParent = $"00-{trace}-00f067aa0ba902b7-01";

        var fork = await visitor.Fork("s_template_sma_cross");
        var run = await visitor.Finished(fork.GetProperty("run_id").GetString()!);

        var executed = await Eventually.Holds(
            () => collector.Spans.SingleOrDefault(span => span.Name == "run.execute" && span.TraceId == trace), span => span is not null);
        Assert.Contains(collector.Spans, span => span.TraceId == trace && span.SpanId == executed!.ParentId);
        Assert.DoesNotContain(trace, Assert.Single(executed!.LinkedTraces), StringComparison.Ordinal);
        Assert.Equal("trace-test", run.GetProperty("correlation_id").GetString());
    }
}

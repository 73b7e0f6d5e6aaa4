using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Sweeps;

namespace Hexabase.Domain;

/// <summary>The product's own spans and metrics, under the name <see cref="Name"/>.</summary>
public static class Telemetry
{
    public const string Name = "Hexabase";

    private static readonly Meter Meter = new(Name);

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>What the service promises, counted, by objective and outcome; see <see cref="Operations.Objective"/>.</summary>
    public static Counter<long> SloEvents { get; } = Meter.CreateCounter<long>("hexabase.slo.events", "{event}");

    /// <summary>Runs accepted, by lane.</summary>
    public static Counter<long> RunsAccepted { get; } = Meter.CreateCounter<long>("hexabase.runs.accepted", "{run}");

    /// <summary>Runs finished, by lane and status.</summary>
    public static Counter<long> RunsFinished { get; } = Meter.CreateCounter<long>("hexabase.runs.finished", "{run}");

    /// <summary>From acceptance until the message is on the queue.</summary>
    public static Histogram<double> RunEnqueue { get; } = Meter.CreateHistogram<double>("hexabase.run.enqueue", "s");

    /// <summary>From acceptance to the beginning of execution, by lane.</summary>
    public static Histogram<double> RunStart { get; } = Meter.CreateHistogram<double>("hexabase.run.start", "s");

    /// <summary>From acceptance to the end, by lane.</summary>
    public static Histogram<double> RunDuration { get; } = Meter.CreateHistogram<double>("hexabase.run.duration", "s");

    /// <summary>The same of small runs alone, see <see cref="Operations.Objective.SmallRun"/>.</summary>
    public static Histogram<double> SmallRunDuration { get; } = Meter.CreateHistogram<double>("hexabase.run.small_duration", "s");

    /// <summary>Sweeps accepted, by lane.</summary>
    public static Counter<long> SweepsAccepted { get; } = Meter.CreateCounter<long>("hexabase.sweeps.accepted", "{sweep}");

    /// <summary>Sweeps finished, by lane and status.</summary>
    public static Counter<long> SweepsFinished { get; } = Meter.CreateCounter<long>("hexabase.sweeps.finished", "{sweep}");

    /// <summary>
    /// Begins the span of a job that a message brought: a child of the request that asked for the job, linked to the delivery that brings
    /// it now, which may bring the jobs of many requests.
    /// </summary>
    public static Activity? StartJob(string name, string? traceParent)
    {
        ActivityLink[] delivery = Activity.Current is { } current ? [new ActivityLink(current.Context)] : [];
        return Source.StartActivity(name, ActivityKind.Consumer, traceParent, links: delivery);
    }

    /// <summary>The tag by which metrics of runs are told apart.</summary>
    public static KeyValuePair<string, object?> OfLane(Lane lane) => new("lane", lane switch
    {
        Lane.Free => "free",
        Lane.Paid => "paid",
        _ => "priority",
    });

    /// <summary>The tag that tells how sweeps ended.</summary>
    public static KeyValuePair<string, object?> OfStatus(SweepStatus status) =>
        new("status", JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString()));
}

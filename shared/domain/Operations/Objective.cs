using System.Diagnostics.Metrics;

namespace Hexabase.Domain.Operations;

/// <summary>
/// A promise of the service. Each event that it covers is good or bad, and is counted as such in <see cref="Telemetry.SloEvents"/>. "p95 below
/// 2 s" is "95 % take at most 2 s": counts can be summed over instances, percentiles cannot.
/// </summary>
public sealed class Objective
{
    private static readonly KeyValuePair<string, object?> Good = new("outcome", "good");
    private static readonly KeyValuePair<string, object?> Bad = new("outcome", "bad");

    private readonly KeyValuePair<string, object?> tag;
    private readonly Histogram<double>? durations;

    private Objective(string name, string promise, decimal target, TimeSpan? within = null, Histogram<double>? durations = null)
    {
        (Name, Promise, Target, Within, this.durations) = (name, promise, target, within, durations);
        tag = new("objective", name);
    }

    /// <summary>From the acceptance of a run or sweep until its message is on the queue.</summary>
    public static Objective Enqueue { get; } = new(
        "enqueue", "Accepted runs and sweeps are on the queue within 2 s", 0.95m, TimeSpan.FromSeconds(2), Telemetry.RunEnqueue);

    /// <summary>From the acceptance of a run to the beginning of its first try.</summary>
    public static Objective RunStart { get; } = new(
        "run_start", "Runs begin within 10 s", 0.95m, TimeSpan.FromSeconds(10), Telemetry.RunStart);

    /// <summary>From the acceptance of a run over few candles to its end; one that fails, and not by its author's error, is bad.</summary>
    public static Objective SmallRun { get; } = new(
        "small_run", "Runs over at most 100,000 candles end within 30 s", 0.95m, TimeSpan.FromSeconds(30), Telemetry.SmallRunDuration);

    /// <summary>Requests to the API that are answered, and not with a status of 5xx.</summary>
    public static Objective Availability { get; } = new("availability", "Requests are answered without a server error", 0.999m);

    public static IReadOnlyList<Objective> All { get; } = [Enqueue, RunStart, SmallRun, Availability];

    /// <summary>As it stands in metrics, documents and answers.</summary>
    public string Name { get; }

    /// <summary>In words, for people.</summary>
    public string Promise { get; }

    /// <summary>The share of events that must be good, below 1.</summary>
    public decimal Target { get; }

    /// <summary>What is good takes at most so long; null where no time is promised.</summary>
    public TimeSpan? Within { get; }

    /// <summary>Name of the histogram of its durations, in seconds; null where no time is promised.</summary>
    public string? DurationsName => durations?.Name;

    public void Count(bool isGood) => Telemetry.SloEvents.Add(1, tag, isGood ? Good : Bad);

    /// <summary>Counts an event by how long it took, and records that.</summary>
    /// <param name="isGood">False for one that is bad however long it took.</param>
    public void Measure(TimeSpan took, bool isGood = true, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        durations?.Record(took.TotalSeconds, tags);
        Count(isGood && took <= Within);
    }
}

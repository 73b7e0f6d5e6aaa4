using System.Diagnostics.Metrics;

namespace Hexabase.Domain.Operations;

/// <summary>What was counted within one hour.</summary>
/// <param name="Hour">When it began, UTC.</param>
/// <param name="Tallies">By objective.</param>
public sealed record HourCounts(DateTimeOffset Hour, IReadOnlyDictionary<string, Tally> Tallies);

/// <summary>
/// Counts the events of the objectives in memory, by hour, as a listener to the app's own metrics. Safe to use from many threads.
/// </summary>
public sealed class SloCounts(TimeProvider clock) : IDisposable
{
    private readonly Lock gate = new();
    private readonly MeterListener listener = new();
    private Dictionary<DateTimeOffset, Dictionary<string, RunningTally>> hours = [];

    /// <summary>Counts what is measured anywhere in this process from now on.</summary>
    public void Listen()
    {
        var events = Telemetry.SloEvents;
        var timed = Objective.All.Where(objective => objective.DurationsName is not null)
            .ToDictionary(objective => objective.DurationsName!, objective => objective.Name, StringComparer.Ordinal);
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument == events)
                self.EnableMeasurementEvents(instrument);
            else if (instrument.Meter == events.Meter && timed.TryGetValue(instrument.Name, out var objective))
                self.EnableMeasurementEvents(instrument, objective);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Count((string)tags[0].Value!, tags[1].Value is "good"));
        listener.SetMeasurementEventCallback<double>((_, seconds, _, objective) => Time((string)objective!, seconds));
        listener.Start();
    }

    /// <summary>Counts one event.</summary>
    public void Count(string objective, bool isGood)
    {
        lock (gate)
        {
            var tally = Of(objective);
            _ = isGood ? tally.Good++ : tally.Bad++;
        }
    }

    /// <summary>Adds how long one event took.</summary>
    public void Time(string objective, double seconds)
    {
        lock (gate)
        {
            var durations = Of(objective).Durations;
            var bound = Tally.ClassOf(seconds);
            durations[bound] = durations.GetValueOrDefault(bound) + 1;
        }
    }

    /// <summary>What has been counted; counting begins anew from nothing.</summary>
    public IReadOnlyList<HourCounts> Take()
    {
        lock (gate)
        {
            HourCounts[] taken = [.. hours.OrderBy(hour => hour.Key).Select(hour => new HourCounts(hour.Key, Tallies(hour.Value)))];
            hours = [];
            return taken;
        }
    }

    public void Dispose() => listener.Dispose();

    private static Dictionary<string, Tally> Tallies(Dictionary<string, RunningTally> hour) =>
        hour.ToDictionary(tally => tally.Key, tally => tally.Value.ToTally(), StringComparer.Ordinal);

    private RunningTally Of(string objective)
    {
        var hour = SloHour.Of(clock.GetUtcNow());
        if (!hours.TryGetValue(hour, out var tallies))
            hours.Add(hour, tallies = new Dictionary<string, RunningTally>(StringComparer.Ordinal));
        if (!tallies.TryGetValue(objective, out var tally))
            tallies.Add(objective, tally = new RunningTally());
        return tally;
    }

    private sealed class RunningTally
    {
        public long Good { get; set; }

        public long Bad { get; set; }

        public Dictionary<double, long> Durations { get; } = [];

        public Tally ToTally() => new(Good, Bad, Durations);
    }
}

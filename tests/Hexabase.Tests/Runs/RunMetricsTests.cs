using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Hexabase.Domain;

namespace Hexabase.Tests.Runs;

public sealed class RunMetricsTests
{
    [Fact]
    public async Task A_run_is_counted_when_it_is_accepted_started_and_finished()
    {
        var seen = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == Telemetry.Name)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => seen.TryAdd($"{instrument.Name} {tags[0].Value}", true));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.TryAdd($"{instrument.Name} {tags[0].Value}", true));
        listener.Start();

        await using var area = await RunsArea.New();
        await area.Deliver(await area.Accepted("key"));

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "hexabase.runs.accepted free", "hexabase.run.start free", "hexabase.runs.finished free", "hexabase.run.duration free",
            },
            seen.Keys.ToHashSet(StringComparer.Ordinal));
    }
}

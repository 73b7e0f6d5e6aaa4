using System.Diagnostics.Metrics;
using Hexabase.Domain;

namespace Hexabase.Tests.Operations;

/// <summary>
/// What the objectives count in this test alone: measurements of code that the test itself awaits, though other tests measure at the same time.
/// </summary>
internal sealed class Measured : IDisposable
{
    private static readonly AsyncLocal<Measured?> Present = new();

    private readonly MeterListener listener = new();
    private readonly List<string> events = [];

    public Measured()
    {
        var counted = Telemetry.SloEvents;
        Present.Value = this;
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument == counted)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (Present.Value == this)
                events.Add($"{tags[0].Value} {tags[1].Value}");
        });
        listener.Start();
    }

    /// <summary>Objective and outcome of each event so far, which are forgotten then.</summary>
    public IReadOnlyList<string> Take()
    {
        string[] taken = [.. events];
        events.Clear();
        return taken;
    }

    public void Dispose()
    {
        Present.Value = null;
        listener.Dispose();
    }
}

using System.Runtime.InteropServices;

namespace Hexabase.Backtesting.Prices;

/// <summary>Counts the steps between candles, to find the bar length and the gaps without keeping the rows.</summary>
internal sealed class BarSteps
{
    private const int MostDifferentSteps = 65_536;
    private const int ReportedGaps = 5;

    private readonly Dictionary<long, long> counts = [];
    private readonly List<(long Step, long After)> largest = [];

    /// <summary>False when the steps are so irregular that the rows are no bars.</summary>
    public bool TryAdd(long after, long before)
    {
        var step = before - after;
        CollectionsMarshal.GetValueRefOrAddDefault(counts, step, out _)++;
        if (largest.Count < ReportedGaps || step > largest[^1].Step)
            Insert(step, after);
        return counts.Count <= MostDifferentSteps;
    }

    /// <summary>The bar's name, how many steps are longer than a bar, and the longest of these.</summary>
    public (string? Timeframe, long GapCount, IReadOnlyList<CandleGap> Largest) Summarize()
    {
        if (counts.Count == 0)
            return (null, 0, []);
        var usual = counts.MaxBy(entry => (entry.Value, -entry.Key)).Key;
        var bar = Timeframes.BarSeconds(usual);
        var gaps = largest.Where(gap => gap.Step > bar).Select(gap => new CandleGap(Time(gap.After), Time(gap.After + gap.Step)));
        return (Timeframes.NameOf(usual), counts.Where(entry => entry.Key > bar).Sum(entry => entry.Value), [.. gaps]);
    }

    private void Insert(long step, long after)
    {
        var at = largest.FindIndex(gap => gap.Step < step);
        largest.Insert(at < 0 ? largest.Count : at, (step, after));
        if (largest.Count > ReportedGaps)
            largest.RemoveAt(ReportedGaps);
    }

    private static DateTimeOffset Time(long unixSeconds) => DateTimeOffset.FromUnixTimeSeconds(unixSeconds);
}

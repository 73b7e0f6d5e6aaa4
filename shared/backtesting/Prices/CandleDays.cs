namespace Hexabase.Backtesting.Prices;

/// <summary>Where candles stand in time.</summary>
internal static class CandleDays
{
    /// <summary>The last bar of every UTC day that has one.</summary>
    public static int[] LastBars(ReadOnlySpan<long> time)
    {
        var ends = new List<int>();
        for (var bar = 0; bar < time.Length;)
        {
            var nextDay = ((time[bar] / UtcTime.SecondsPerDay) + 1) * UtcTime.SecondsPerDay;
            bar = FirstAtOrAfter(time, nextDay, bar + 1);
            ends.Add(bar - 1);
        }
        return [.. ends];
    }

    /// <summary>
    /// The first bar from <paramref name="from"/> on that opens at <paramref name="moment"/> or later; the number of bars when there is none.
    /// Looks in growing steps, so that a near bar is found at once.
    /// </summary>
    public static int FirstAtOrAfter(ReadOnlySpan<long> time, long moment, int from)
    {
        var step = 1;
        while (from + step < time.Length && time[from + step] < moment)
        {
            from += step;
            step *= 2;
        }
        var at = time.Slice(Math.Min(from, time.Length), Math.Min(step + 1, time.Length - from)).BinarySearch(moment);
        return from + (at < 0 ? ~at : at);
    }
}

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>The periods of a subscription, in Unix seconds, and the share of one that is left.</summary>
internal static class Periods
{
    /// <summary>The end of the period that begins at <paramref name="start"/>: as many whole months after the first one as it takes, so that one that
    /// began on the 31st ends on the last day of shorter months and on the 31st again.</summary>
    /// <param name="anchor">Start of the first period.</param>
    public static long EndOf(long start, long anchor, int months)
    {
        var first = DateTimeOffset.FromUnixTimeSeconds(anchor);
        var (from, periods) = (DateTimeOffset.FromUnixTimeSeconds(start), 1);
        while (first.AddMonths(months * periods) <= from)
            periods++;
        return first.AddMonths(months * periods).ToUnixTimeSeconds();
    }

    /// <summary>What is due for the rest of a period, by the second, in whole yen, half up.</summary>
    public static long Share(long amount, long start, long end, long now) =>
        (long)Math.Round((decimal)amount * Math.Clamp(end - now, 0, end - start) / (end - start), MidpointRounding.AwayFromZero);
}

namespace Hexabase.Backtesting.Prices;

/// <summary>The bar lengths that have a name.</summary>
public static class Timeframes
{
    private const long Day = UtcTime.SecondsPerDay;
    private const long ShortestMonth = 28 * Day;
    private const long LongestMonth = 31 * Day;

    private static readonly (string Name, long Seconds)[] Known =
    [
        ("M1", 60), ("M5", 300), ("M15", 900), ("M30", 1_800), ("H1", 3_600), ("H4", 14_400), ("D1", Day), ("W1", 7 * Day),
        ("MN1", LongestMonth),
    ];

    /// <summary>Every name, shortest bar first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(known => known.Name)];

    /// <summary>The length of every bar; null when it varies, as that of a month does, and when there is no such name.</summary>
    internal static long? FixedSeconds(string name) =>
        Array.Find(Known, known => known.Name == name) is { Seconds: > 0 and < ShortestMonth } known ? known.Seconds : null;

    /// <summary>The name of a bar length; null when it has none. Calendar months of any length are MN1.</summary>
    internal static string? NameOf(long seconds) => Known.FirstOrDefault(known => known.Seconds == BarSeconds(seconds)).Name;

    /// <summary>The bar length behind the most frequent step between candles: itself, or the longest month for a month.</summary>
    internal static long BarSeconds(long step) => step is >= ShortestMonth and <= LongestMonth ? LongestMonth : step;
}

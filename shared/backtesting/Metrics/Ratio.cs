namespace Hexabase.Backtesting.Metrics;

/// <summary>Quotients that JSON can hold.</summary>
internal static class Ratio
{
    private const double RoundingShare = 1e-9;

    /// <summary><paramref name="part"/> / <paramref name="whole"/>; null when that is no finite number, as for a whole of 0.</summary>
    public static double? Of(double part, double whole) => OrNull(part / whole);

    /// <summary>Whether a deviation from a mean is only what rounding makes of none.</summary>
    public static bool IsNone(double deviation, double mean) => deviation <= RoundingShare * Math.Abs(mean);

    /// <summary>Null for infinities and what is not a number.</summary>
    public static double? OrNull(double number) => double.IsFinite(number) ? number : null;
}

namespace Hexabase.Backtesting.Metrics;

/// <summary>Quotients that JSON can hold.</summary>
internal static class Ratio
{
    /// <summary><paramref name="part"/> / <paramref name="whole"/>; null when that is no finite number, as for a whole of 0.</summary>
    public static double? Of(double part, double whole) => OrNull(part / whole);

    /// <summary>Null for infinities and what is not a number.</summary>
    public static double? OrNull(double number) => double.IsFinite(number) ? number : null;
}

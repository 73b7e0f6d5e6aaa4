namespace Hexabase.Backtesting.Prices;

/// <summary>The bars of some candles from <paramref name="From"/> up to, not including, <paramref name="Until"/>.</summary>
internal readonly record struct BarRange(int From, int Until)
{
    public int Count => Until - From;

    public int Last => Until - 1;

    public static BarRange Of(Candles candles) => new(0, candles.Count);
}

using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Sweeps.Results;

/// <summary>A part of the candles and the opening times of its first and last bar, Unix seconds.</summary>
internal readonly record struct Period(BarRange Bars, long FirstTime, long LastTime)
{
    public static Period Of(BarRange bars, Candles candles) => new(bars, candles.Time[bars.From], candles.Time[bars.Last]);
}

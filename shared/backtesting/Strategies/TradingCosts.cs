using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Strategies;

/// <summary>What fills cost, and holding over night.</summary>
/// <param name="CommissionFixed">Account money for each fill.</param>
/// <param name="CommissionRate">Relative to the value of each fill.</param>
/// <param name="Slippage">
/// Market and stop fills are worse by a random part of this, in price units, evenly spread from 0 on; targets never are.
/// </param>
/// <param name="Swap">Null when nights cost nothing.</param>
public sealed record TradingCosts(Spread Spread, double CommissionFixed, double CommissionRate, double Slippage, SwapTerms? Swap)
{
    public static TradingCosts None { get; } = new(default, 0, 0, 0, null);
}

/// <summary>The distance between ask and bid, charged once, in the entry price.</summary>
/// <param name="Value">In what <paramref name="Measure"/> says.</param>
public readonly record struct Spread(SpreadMeasure Measure, double Value)
{
    /// <summary>What a market entry pays for a price.</summary>
    /// <param name="fromData">The bar's own spread, in price units; read only when that is the measure.</param>
    internal double Paid(Direction direction, double price, double fromData)
    {
        if (Measure == SpreadMeasure.Relative)
            return direction == Direction.Long ? price * (1 + Value) : price * (1 - Value);
        var distance = Measure == SpreadMeasure.FromData ? fromData : Value;
        return direction == Direction.Long ? price + distance : price - distance;
    }
}

/// <summary>What the number of a spread counts.</summary>
public enum SpreadMeasure
{
    /// <summary>A share of the price.</summary>
    Relative,

    /// <summary>Price units.</summary>
    Price,

    /// <summary>Nothing: each bar of the data has its own.</summary>
    FromData,
}

/// <summary>What a unit earns (or, below 0, pays) for each night, in price units.</summary>
/// <param name="ForLong">When it was bought.</param>
/// <param name="ForShort">When it was sold.</param>
/// <param name="RolloverHour">When a night is counted: this hour of the day, UTC, 0 to 23.</param>
public sealed record SwapTerms(double ForLong, double ForShort, int RolloverHour);

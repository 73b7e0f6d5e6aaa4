namespace Hexabase.Backtesting.Strategies;

/// <summary>What trading costs and how much of it the account can carry. Money is in the quote currency of the pair.</summary>
/// <param name="Cash">Money at the start.</param>
/// <param name="Leverage">Buying power for each unit of cash; 1 / margin.</param>
/// <param name="Size">How much an entry buys or sells.</param>
/// <param name="EndOfData">Where a position that is still open at the end is closed.</param>
public sealed record AccountTerms(double Cash, double Leverage, PositionSize Size, TradingCosts Costs, EndOfData EndOfData);

/// <summary>The size of an entry.</summary>
/// <param name="IsFraction">What <paramref name="Value"/> is: a share of the buying power, or units of the base currency.</param>
/// <param name="Value">Between 0 and 1 when a fraction, otherwise whole and at least 1.</param>
public readonly record struct PositionSize(bool IsFraction, double Value);

/// <summary>What a fill costs.</summary>
/// <param name="Spread">Relative to price, charged once, in the entry price.</param>
/// <param name="CommissionFixed">Money for each fill.</param>
/// <param name="CommissionRate">Relative to the value of each fill.</param>
public sealed record TradingCosts(double Spread, double CommissionFixed, double CommissionRate)
{
    /// <summary>The commission of one fill, in money.</summary>
    public double Commission(double units, double price) => CommissionFixed + (Math.Abs(units) * price * CommissionRate);
}

/// <summary>The price at which the last position is closed when the candles end.</summary>
public enum EndOfData
{
    /// <summary>The last close: the last price known.</summary>
    LastClose,

    /// <summary>The last open, as backtesting.py does; for comparing with it.</summary>
    LastOpen,
}

namespace Hexabase.Backtesting.Strategies;

/// <summary>What trading costs and how much of it the account can carry. Money is in the account's currency.</summary>
/// <param name="Cash">Money at the start.</param>
/// <param name="Leverage">Buying power for each unit of cash; 1 / margin.</param>
/// <param name="Size">How much an entry buys or sells.</param>
/// <param name="EndOfData">Where a position that is still open at the end is closed.</param>
/// <param name="Currency">How money of the pair's quote currency becomes money of the account.</param>
public sealed record AccountTerms(
    double Cash, double Leverage, PositionSize Size, TradingCosts Costs, EndOfData EndOfData, AccountCurrency Currency)
{
    /// <summary>The commission of one fill, in money.</summary>
    internal double Commission(double units, double price) =>
        Costs.CommissionFixed + Currency.FromQuote(Math.Abs(units) * price * Costs.CommissionRate, price);
}

/// <summary>The price at which the last position is closed when the candles end.</summary>
public enum EndOfData
{
    /// <summary>The last close: the last price known.</summary>
    LastClose,

    /// <summary>The last open, as backtesting.py does; for comparing with it.</summary>
    LastOpen,
}

using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>Cash, the one position, and the trades made: opens and closes at given prices, with costs and margin.</summary>
internal sealed class Ledger(AccountTerms terms, Candles candles, List<Trade> trades)
{
    private double entryCommission;
    private int entryBar;

    public double Cash { get; private set; } = terms.Cash;

    /// <summary>Signed: negative when short, 0 when flat.</summary>
    public double Units { get; private set; }

    public double EntryPrice { get; private set; }

    /// <summary>NaN when the position has none, which no price ever touches.</summary>
    public double StopLoss { get; private set; }

    /// <summary>NaN when the position has none.</summary>
    public double TakeProfit { get; private set; }

    /// <summary>The worth of the account as long as the position stays as it is.</summary>
    public Valuation Worth => new(Cash, Units, EntryPrice);

    /// <summary>What a market order pays: the price with the spread on the side of the direction.</summary>
    public double WithSpread(Direction direction, double price) =>
        direction == Direction.Long ? price * (1 + terms.Costs.Spread) : price * (1 - terms.Costs.Spread);

    /// <summary>Enters at the open of <paramref name="bar"/>; false when the account cannot carry it.</summary>
    public bool TryOpen(int bar, PendingEntry order)
    {
        var open = candles.OpenColumn[bar];
        var price = WithSpread(order.Direction, open);
        var size = terms.Size.Value;
        var unitCost = price + (terms.Costs.Commission(size, open) / size);
        var buyingPower = Math.Max(0, Cash) * terms.Leverage;
        var units = terms.Size.IsFraction ? FloorDivide(buyingPower * size, unitCost) : size;
        if (units == 0 || units * unitCost > buyingPower)
            return false;
        Units = order.Direction == Direction.Long ? units : -units;
        EntryPrice = price;
        entryBar = bar;
        entryCommission = terms.Costs.Commission(units, price);
        Cash -= entryCommission;
        (StopLoss, TakeProfit) = (order.StopLoss, order.TakeProfit);
        return true;
    }

    public void Close(int bar, double price, ExitReason reason)
    {
        var exitCommission = terms.Costs.Commission(Units, price);
        var commission = entryCommission + exitCommission;
        var profit = Units * (price - EntryPrice);
        var sign = Math.Sign(Units);
        trades.Add(new Trade(
            sign > 0 ? Direction.Long : Direction.Short, Math.Abs(Units),
            entryBar, bar, candles.TimeColumn[entryBar], candles.TimeColumn[bar], EntryPrice, price,
            Level(StopLoss), Level(TakeProfit), profit - commission, commission, Swap: 0,
            100 * ((sign * ((price / EntryPrice) - 1)) - (commission / (Math.Abs(Units) * EntryPrice))), reason));
        Cash += profit - exitCommission;
        Units = 0;
    }

    /// <summary>Nothing is left.</summary>
    public void WriteOff() => Cash = 0;

    private static double? Level(double price) => double.IsNaN(price) ? null : price;

    /// <summary>
    /// The whole number of times that <paramref name="divisor"/> fits, as Python's <c>//</c>: from the exact remainder, where
    /// rounding the quotient first could give one too many.
    /// </summary>
    private static double FloorDivide(double dividend, double divisor)
    {
        var quotient = (dividend - (dividend % divisor)) / divisor;
        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }
}

/// <summary>An entry that waits for the next open.</summary>
/// <param name="StopLoss">NaN for none.</param>
/// <param name="TakeProfit">NaN for none.</param>
internal readonly record struct PendingEntry(Direction Direction, double StopLoss, double TakeProfit);

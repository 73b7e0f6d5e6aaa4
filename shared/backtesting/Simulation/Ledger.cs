using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>Cash, the one position, and the trades made: what they cost and bring, in account money.</summary>
internal sealed class Ledger(AccountTerms terms, Candles candles, List<Trade> trades)
{
    private double entryCommission;
    private double swap;
    private double? stopLoss;
    private double? takeProfit;

    /// <summary>Whether numbers can hold the figures of every trade.</summary>
    public bool IsFinite { get; private set; } = true;

    public double Cash { get; private set; } = terms.Cash;

    /// <summary>Signed: negative when short, 0 when flat.</summary>
    public double Units { get; private set; }

    public double EntryPrice { get; private set; }

    public int EntryBar { get; private set; }

    /// <summary>The worth of the account as long as the position stays as it is.</summary>
    public Valuation Worth => new(Cash, Units * terms.Currency.QuoteRate, EntryPrice, terms.Currency.IsBase);

    /// <summary>Enters at a price; false when the account cannot carry it.</summary>
    public bool TryOpen(int bar, double price, in PendingEntry order)
    {
        var units = Sizing.Units(terms, Cash, candles.OpenColumn[bar], price, order.Risk);
        if (units == 0)
            return false;
        Units = order.Direction == Direction.Long ? units : -units;
        (EntryBar, EntryPrice) = (bar, price);
        entryCommission = terms.Commission(units, price);
        Cash -= entryCommission;
        (stopLoss, takeProfit, swap) = (order.StopLoss, order.TakeProfit, 0);
        return true;
    }

    /// <summary>Books the interest of some nights.</summary>
    /// <param name="rate">Of one unit and night, in price units.</param>
    /// <param name="price">Of the moment.</param>
    public void BookSwap(double rate, long nights, double price)
    {
        var interest = terms.Currency.FromQuote(Math.Abs(Units) * rate * nights, price);
        swap += interest;
        Cash += interest;
    }

    public void Close(int bar, double price, ExitReason reason)
    {
        var exitCommission = terms.Commission(Units, price);
        var commission = entryCommission + exitCommission;
        var profit = terms.Currency.FromQuote(Units * (price - EntryPrice), price);
        var sign = Math.Sign(Units);
        var paid = terms.Currency.FromQuote(Math.Abs(Units) * EntryPrice, EntryPrice);
        var trade = new Trade(
            sign > 0 ? Direction.Long : Direction.Short, Math.Abs(Units),
            EntryBar, bar, candles.TimeColumn[EntryBar], candles.TimeColumn[bar], EntryPrice, price,
            stopLoss, takeProfit, profit - commission + swap, commission, swap,
            100 * ((sign * ((price / EntryPrice) - 1)) - ((commission - swap) / paid)), reason);
        trades.Add(trade);
        IsFinite &= double.IsFinite(trade.Pnl) && double.IsFinite(trade.ReturnPct);
        Cash += profit - exitCommission;
        Units = 0;
    }

    /// <summary>Nothing is left.</summary>
    public void WriteOff() => Cash = 0;
}

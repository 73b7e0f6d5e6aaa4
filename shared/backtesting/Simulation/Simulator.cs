using System.Runtime.InteropServices;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>
/// One run. In every bar: the pending close at the open; stop and target of the position still open; the pending entry at the open, and
/// its stop and target in the same bar; the equity at the close; then, except on the last bar, the decision, whose orders wait for the next
/// open. At most bars nothing of that happens but the equity, so the run goes from one bar with an event to the next.
/// </summary>
internal sealed class Simulator
{
    private readonly TradingRules rules;
    private readonly Candles candles;
    private readonly Columns columns;
    private readonly BarRange bars;
    private readonly AccountTerms account;
    private readonly Ledger ledger;
    private readonly EquityCurve equity;
    private readonly Journal journal;
    private bool closes;
    private PendingEntry? enters;

    /// <param name="pointStep">Every how many bars a point of the equity curve is kept; 0 for none.</param>
    public Simulator(
        TradingRules rules, AccountTerms account, Candles candles, Columns columns, BarRange bars, int pointStep, Journal journal)
    {
        (this.rules, this.account, this.candles, this.columns, this.bars, this.journal) = (rules, account, candles, columns, bars, journal);
        ledger = new Ledger(account, candles, journal.Trades);
        equity = new EquityCurve(account.Cash, candles, bars, pointStep, journal);
    }

    /// <summary>The metrics; null when there are more than <see cref="Backtest.MostTrades"/> trades.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two events.</exception>
    public BacktestMetrics? Run(CancellationToken ct)
    {
        var signals = new Signals(rules, columns);
        var bar = Math.Min(Math.Max(rules.FirstDecisionBar, bars.From), bars.Last);
        equity.Hold(bars.From, bar, ledger.Cash);
        while (bar < bars.Last)
        {
            ct.ThrowIfCancellationRequested();
            var deciding = signals.Next(ledger.Units, bar, bars.Last);
            var next = NextFill(bar, Math.Min(deciding + 1, bars.Last));
            var marked = Mark(bar, next);
            if (marked < next)
            {
                GoBust(marked);
                break;
            }
            if (deciding < next)
                Decide(deciding, signals);
            bar = next;
            Fill(bar);
            if (journal.Trades.Count > Backtest.MostTrades)
                return null;
        }
        if (journal.BustBar is null)
            End(bar);
        if (journal.Trades.Count > Backtest.MostTrades)
            return null;
        equity.Complete();
        return TradeStatistics.Of(CollectionsMarshal.AsSpan(journal.Trades), equity, account.Cash, candles, bars);
    }

    /// <summary>The first bar after <paramref name="bar"/> in which the position may change by itself; <paramref name="until"/> at the latest.</summary>
    private int NextFill(int bar, int until)
    {
        if (ledger.Units == 0)
            return until;
        return ledger.Units > 0
            ? Touch.First(candles, below: ledger.StopLoss, above: ledger.TakeProfit, bar + 1, until)
            : Touch.First(candles, below: ledger.TakeProfit, above: ledger.StopLoss, bar + 1, until);
    }

    /// <summary>Marks the equity of bars in which the position stays as it is; returns the first at which it is used up.</summary>
    private int Mark(int from, int until)
    {
        if (ledger.Units != 0)
            return equity.Follow(from, until, ledger.Worth);
        if (ledger.Cash <= 0)
            return from;
        equity.Hold(from, until, ledger.Cash);
        return until;
    }

    private void Fill(int bar)
    {
        if (closes)
        {
            ledger.Close(bar, candles.OpenColumn[bar], ExitReason.Signal);
            closes = false;
        }
        CheckStopAndTarget(bar);
        if (enters is not { } entry)
            return;
        enters = null;
        if (ledger.TryOpen(bar, entry))
            CheckStopAndTarget(bar);
        else
            journal.Reject(bar, Rejection.Margin);
    }

    private void CheckStopAndTarget(int bar)
    {
        if (ledger.Units == 0)
            return;
        double open = candles.OpenColumn[bar], high = candles.HighColumn[bar], low = candles.LowColumn[bar];
        double stop = ledger.StopLoss, target = ledger.TakeProfit;
        var isLong = ledger.Units > 0;
        var stopped = isLong ? low <= stop : high >= stop;
        var reached = isLong ? high >= target : low <= target;
        if (stopped && reached)
            journal.TouchBoth(bar);
        if (stopped)
        {
            var price = isLong ? Math.Min(open, stop) : Math.Max(open, stop);
            ledger.Close(bar, price, price == stop ? ExitReason.StopLoss : ExitReason.StopLossGap);
        }
        else if (reached)
        {
            var price = isLong ? Math.Max(open, target) : Math.Min(open, target);
            ledger.Close(bar, price, price == target ? ExitReason.TakeProfit : ExitReason.TakeProfitGap);
        }
    }

    /// <summary>The last bar: what is still open is closed, and the last equity is the cash after it.</summary>
    private void End(int bar)
    {
        if (ledger.Worth.At(candles.CloseColumn[bar]) <= 0)
        {
            GoBust(bar);
            return;
        }
        var isAtClose = account.EndOfData == EndOfData.LastClose;
        if (ledger.Units != 0)
            ledger.Close(bar, isAtClose ? candles.CloseColumn[bar] : candles.OpenColumn[bar], ExitReason.EndOfData);
        equity.Hold(bar, bars.Until, ledger.Cash);
    }

    /// <summary>The equity is used up: the position goes at the close, the account is empty from this bar on.</summary>
    private void GoBust(int bar)
    {
        if (ledger.Units != 0)
            ledger.Close(bar, candles.CloseColumn[bar], ExitReason.Bust);
        ledger.WriteOff();
        journal.BustBar = bar;
        equity.Hold(bar, bars.Until, ledger.Cash);
    }

    /// <summary>The first rule that applies: open long, open short, close.</summary>
    private void Decide(int bar, in Signals signals)
    {
        var units = ledger.Units;
        if (units <= 0 && Signals.IsSet(signals.EnterLong, bar))
            Order(bar, Direction.Long);
        else if (units >= 0 && Signals.IsSet(signals.EnterShort, bar))
            Order(bar, Direction.Short);
        else
            closes = (units > 0 && Signals.IsSet(signals.ExitLong, bar)) || (units < 0 && Signals.IsSet(signals.ExitShort, bar));
    }

    private void Order(int bar, Direction direction)
    {
        var close = candles.CloseColumn[bar];
        var reference = ledger.WithSpread(direction, close);
        var towardsProfit = direction == Direction.Long ? 1 : -1;
        var stop = Level(rules.StopLoss, bar, close, -towardsProfit);
        var target = Level(rules.TakeProfit, bar, close, towardsProfit);
        if (!IsBeyond(stop, reference, -towardsProfit) || !IsBeyond(target, reference, towardsProfit))
        {
            journal.Reject(bar, Rejection.Bracket);
            return;
        }
        closes = ledger.Units != 0;
        enters = new PendingEntry(direction, stop ?? double.NaN, target ?? double.NaN);
    }

    /// <summary>The price at the order's distance above or below the close, by <paramref name="sign"/>; null without an order.</summary>
    private double? Level(ProtectiveOrder? order, int bar, double close, int sign)
    {
        if (order is null)
            return null;
        var distance = order.Distance.IsConstant ? order.Distance.Constant : columns.Numbers(order.Distance.Step)[bar];
        return close + (sign * (order.IsPercent ? close * distance / 100 : distance));
    }

    /// <summary>Whether a level, where there is one, is defined and on its side of the reference price.</summary>
    private static bool IsBeyond(double? level, double reference, int sign) =>
        level is not { } price || (double.IsFinite(price) && sign * (price - reference) > 0);
}

using System.Runtime.InteropServices;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>
/// One run, bar by bar. In every bar: the pending close at the open; stop and target of the position still open; the pending
/// entry at the open, and its stop and target in the same bar; the equity at the close; then, except on the last bar, the
/// decision, whose orders wait for the next open.
/// </summary>
internal sealed class Simulator
{
    private readonly StrategyDefinition strategy;
    private readonly Candles candles;
    private readonly Columns columns;
    private readonly long seed;
    private readonly Ledger ledger;
    private readonly EquityCurve equity;
    private readonly List<RejectedOrder> rejected = [];
    private readonly List<int> touchedBoth = [];
    private bool closes;
    private PendingEntry? enters;
    private int rejectedCount;
    private int touchedBothCount;
    private int? bustBar;

    public Simulator(StrategyDefinition strategy, Candles candles, Columns columns, long seed, int equityPoints)
    {
        this.strategy = strategy;
        this.candles = candles;
        this.columns = columns;
        this.seed = seed;
        ledger = new Ledger(strategy.Account, candles);
        equity = new EquityCurve(strategy.Account.Cash, candles.Count, (int)(((long)candles.Count + equityPoints - 1) / equityPoints));
    }

    public BacktestOutcome Run(CancellationToken ct)
    {
        var signals = new Signals(strategy.Rules, columns);
        var last = candles.Count - 1;
        MarkCash(0, strategy.FirstDecisionBar);
        ulong deciding = 0;
        for (var bar = strategy.FirstDecisionBar; bar <= last; bar++)
        {
            if (bar % Bits.PerWord == 0 || bar == strategy.FirstDecisionBar)
            {
                ct.ThrowIfCancellationRequested();
                deciding = signals.Any(bar / Bits.PerWord);
            }
            if (closes || enters is not null || ledger.Units != 0)
                Fill(bar);
            var worth = ledger.Equity(candles.CloseColumn[bar]);
            if (worth <= 0)
            {
                GoBust(bar);
                break;
            }
            if (bar == last)
                worth = CloseAtTheEnd(bar);
            else if (((deciding >> bar) & 1) != 0)
                Decide(bar, signals);
            equity.Mark(bar, candles.TimeColumn[bar], worth);
            if (ledger.Trades.Count > Backtest.MostTrades)
                return new BacktestOutcome.Failed("TOO_MANY_TRADES", $"The strategy makes more than {Backtest.MostTrades} trades.");
        }
        return new BacktestOutcome.Completed(Result());
    }

    /// <summary>Bars in which nothing can happen.</summary>
    private void MarkCash(int from, int until)
    {
        for (var bar = from; bar < until; bar++)
            equity.Mark(bar, candles.TimeColumn[bar], ledger.Cash);
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
            Reject(bar, Rejection.Margin);
    }

    private void CheckStopAndTarget(int bar)
    {
        if (ledger.Units == 0 || (double.IsNaN(ledger.StopLoss) && double.IsNaN(ledger.TakeProfit)))
            return;
        double open = candles.OpenColumn[bar], high = candles.HighColumn[bar], low = candles.LowColumn[bar];
        double stop = ledger.StopLoss, target = ledger.TakeProfit;
        var isLong = ledger.Units > 0;
        var stopped = isLong ? low <= stop : high >= stop;
        var reached = isLong ? high >= target : low <= target;
        if (stopped && reached && touchedBothCount++ < Backtest.MostListed)
            touchedBoth.Add(bar);
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

    /// <summary>Closes what is still open and returns the cash after it, which is the last equity.</summary>
    private double CloseAtTheEnd(int bar)
    {
        var isAtClose = strategy.Account.EndOfData == EndOfData.LastClose;
        if (ledger.Units != 0)
            ledger.Close(bar, isAtClose ? candles.CloseColumn[bar] : candles.OpenColumn[bar], ExitReason.EndOfData);
        return ledger.Cash;
    }

    /// <summary>The equity is used up: the position goes at the close, the account is empty from this bar on.</summary>
    private void GoBust(int bar)
    {
        if (ledger.Units != 0)
            ledger.Close(bar, candles.CloseColumn[bar], ExitReason.Bust);
        ledger.WriteOff();
        bustBar = bar;
        MarkCash(bar, candles.Count);
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
        var stop = Level(strategy.Rules.StopLoss, bar, close, -towardsProfit);
        var target = Level(strategy.Rules.TakeProfit, bar, close, towardsProfit);
        if (!IsBeyond(stop, reference, -towardsProfit) || !IsBeyond(target, reference, towardsProfit))
        {
            Reject(bar, Rejection.Bracket);
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

    private void Reject(int bar, Rejection reason)
    {
        if (rejectedCount++ < Backtest.MostListed)
            rejected.Add(new RejectedOrder(bar, reason));
    }

    private BacktestResult Result()
    {
        var trades = CollectionsMarshal.AsSpan(ledger.Trades);
        var cash = strategy.Account.Cash;
        return new BacktestResult(
            seed, strategy.Account.EndOfData, candles.Count, strategy.FirstDecisionBar,
            TradeStatistics.Of(trades, equity, cash, candles, new BarRange(0, candles.Count)),
            SideMetrics.Of(trades, Direction.Long),
            SideMetrics.Of(trades, Direction.Short),
            MonthlyReturn.Of(equity.DayEnds, cash),
            MonteCarlo: null,
            ledger.Trades, rejected, rejectedCount, equity.Points, bustBar, touchedBoth, touchedBothCount);
    }
}

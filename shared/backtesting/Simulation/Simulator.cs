using System.Runtime.InteropServices;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>
/// One run. In every bar: the nights since the last; at the open the pending close, or the close that is due; stop and target of the
/// position still open; the pending entry at the open, and its stop and target in the same bar; the equity at the close; then, except on the
/// last bar, the decision, whose orders wait for the next open. At most bars nothing of that happens but the equity, so the run goes from
/// one bar with an event to the next.
/// </summary>
internal sealed class Simulator
{
    private readonly TradingRules rules;
    private readonly AccountTerms account;
    private readonly Candles candles;
    private readonly Columns columns;
    private readonly BarRange bars;
    private readonly FillPrices prices;
    private readonly Ledger ledger;
    private readonly EquityCurve equity;
    private readonly Journal journal;
    private Decision pending;
    private ExitLevels levels;
    private int dueBar;

    /// <param name="pointStep">Every how many bars a point of the equity curve is kept; 0 for none.</param>
    /// <param name="journal">Gets what happens; empty.</param>
    public Simulator(
        TradingRules rules, AccountTerms account, Candles candles, Columns columns, BarRange bars, long seed, int pointStep, Journal journal)
    {
        (this.rules, this.account, this.candles, this.columns, this.bars, this.journal) = (rules, account, candles, columns, bars, journal);
        prices = new FillPrices(account.Costs, candles, seed);
        ledger = new Ledger(account, candles, journal.Trades);
        equity = new EquityCurve(account.Cash, candles, bars, pointStep, journal);
    }

    /// <summary>The metrics; null when there are more than <see cref="Backtest.MostTrades"/> trades, or the account grows beyond all bounds.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two events.</exception>
    public BacktestMetrics? Run(CancellationToken ct)
    {
        var decisions = new Decisions(rules, candles, columns, prices);
        var bar = Math.Min(Math.Max(rules.FirstDecisionBar, bars.From), bars.Last);
        equity.Hold(bars.From, bar, ledger.Cash);
        while (bar < bars.Last && journal.BustBar is null && journal.Trades.Count <= Backtest.MostTrades)
        {
            ct.ThrowIfCancellationRequested();
            var deciding = decisions.Next(ledger.Units, bar, bars.Last);
            var next = NextFill(bar, Math.Min(deciding + 1, bars.Last), decisions);
            var marked = Mark(bar, next);
            if (marked < next)
            {
                GoBust(marked);
                continue;
            }
            if (deciding < next)
                Decide(deciding, decisions);
            bar = next;
            Fill(bar);
        }
        if (journal.BustBar is null)
            End(bars.Last);
        equity.Complete();
        if (journal.Trades.Count > Backtest.MostTrades)
            return null;
        var metrics = TradeStatistics.Of(CollectionsMarshal.AsSpan(journal.Trades), equity, account.Cash, candles, bars);
        return metrics.IsWithinBounds && ledger.IsFinite ? metrics : null;
    }

    /// <summary>
    /// The first bar after <paramref name="bar"/> in which the position may change without a new decision; <paramref name="until"/> at the
    /// latest. A trailing stop is moved up to there.
    /// </summary>
    private int NextFill(int bar, int until, in Decisions decisions)
    {
        if (ledger.Units == 0)
            return until;
        until = Math.Min(until, dueBar);
        if (account.Costs.Swap is { } swap)
            until = Math.Min(until, CandleDays.FirstAtOrAfter(candles.Time, Rollovers.After(candles.Time[bar], swap.RolloverHour), bar + 1));
        if (rules.TrailingStop is null)
            return levels.FirstTouch(candles, bar + 1, until);
        while (true)
        {
            if (decisions.TrailingStop(bar, levels.IsLong) is var level && !double.IsNaN(level))
                levels = levels.Trail(level);
            if (++bar >= until || levels.At(candles, bar).IsExit)
                return bar;
        }
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

    private void Decide(int bar, in Decisions decisions)
    {
        pending = decisions.At(bar, ledger.Units);
        if (pending.IsRejected)
            journal.Reject(bar, Rejection.Bracket);
    }

    private void Fill(int bar)
    {
        if (ledger.Units != 0)
            HoldOverNight(bar);
        if (pending.Closes)
            CloseAtOpen(bar, ExitReason.Signal);
        else if (ledger.Units != 0 && bar >= dueBar)
            CloseAtOpen(bar, bar - ledger.EntryBar >= rules.MostBars ? ExitReason.TimeLimit : ExitReason.SessionEnd);
        CheckLevels(bar);
        if (pending.Enters is { } entry)
            Enter(bar, entry);
        pending = default;
    }

    private void HoldOverNight(int bar)
    {
        if (account.Costs.Swap is not { } swap)
            return;
        var nights = Rollovers.NightsBetween(candles.Time[bar - 1], candles.Time[bar], swap.RolloverHour);
        if (nights > 0)
            ledger.BookSwap(levels.IsLong ? swap.ForLong : swap.ForShort, nights, candles.Open[bar]);
    }

    private void CloseAtOpen(int bar, ExitReason reason) => ledger.Close(bar, prices.Leave(levels.IsLong, candles.Open[bar]), reason);

    private void Enter(int bar, in PendingEntry entry)
    {
        if (candles.Time[bar] >= entry.SessionEnd)
        {
            journal.Reject(bar, Rejection.Session);
            return;
        }
        if (!ledger.TryOpen(bar, prices.Enter(entry.Direction, bar), entry))
        {
            journal.Reject(bar, Rejection.Margin);
            return;
        }
        levels = ExitLevels.Of(entry);
        dueBar = rules.MostBars is { } most ? bar + most : int.MaxValue;
        if (entry.SessionEnd < long.MaxValue)
            dueBar = Math.Min(dueBar, CandleDays.FirstAtOrAfter(candles.Time, entry.SessionEnd, bar + 1));
        CheckLevels(bar);
    }

    private void CheckLevels(int bar)
    {
        if (ledger.Units == 0 || levels.At(candles, bar) is not { IsExit: true } exit)
            return;
        if (exit.IsBoth)
            journal.TouchBoth(bar);
        ledger.Close(bar, exit.IsStop ? prices.Leave(levels.IsLong, exit.Price) : exit.Price, exit.Reason);
    }

    /// <summary>The last bar: what is still open is closed, and the last equity is the cash after it.</summary>
    private void End(int bar)
    {
        if (ledger.Worth.At(candles.Close[bar]) <= 0)
        {
            GoBust(bar);
            return;
        }
        if (ledger.Units != 0)
            ledger.Close(bar, account.EndOfData == EndOfData.LastClose ? candles.Close[bar] : candles.Open[bar], ExitReason.EndOfData);
        equity.Hold(bar, bars.Until, ledger.Cash);
    }

    /// <summary>The equity is used up: the position goes at the close, the account is empty from this bar on.</summary>
    private void GoBust(int bar)
    {
        if (ledger.Units != 0)
            ledger.Close(bar, candles.Close[bar], ExitReason.Bust);
        ledger.WriteOff();
        journal.BustBar = bar;
        equity.Hold(bar, bars.Until, ledger.Cash);
    }
}

using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Randomness;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Tests.Backtesting;

/// <summary>
/// The rules of a run as they read, one bar after the other and without any haste: what the engine's way from event to event is held
/// against. Shares with it the columns, the sizes and the conversion of money only.
/// </summary>
internal sealed class BarByBarSimulator(StrategyDefinition strategy, Candles candles, BarRange bars, long seed)
{
    private readonly AccountTerms account = strategy.Account;
    private readonly TradingRules rules = strategy.Rules;
    private readonly SeededRandom slippage = new(seed, RandomStream.Slippage);
    private double cash = strategy.Account.Cash;
    private Position? position;
    private Entry? enters;
    private bool closes;

    public List<Trade> Trades { get; } = [];

    public List<RejectedOrder> Rejected { get; } = [];

    public List<int> TouchedBoth { get; } = [];

    public List<double> Equity { get; } = [];

    public int? BustBar { get; private set; }

    public double MaxDrawdownAbs { get; private set; }

    public double MaxDrawdown { get; private set; }

    public int MaxDrawdownBars { get; private set; }

    public BarByBarSimulator Run()
    {
        using var columns = Columns.Evaluate(strategy.Plan, candles, CancellationToken.None);
        for (var bar = bars.From; bar < bars.Until; bar++)
        {
            if (BustBar is null && bar >= Math.Min(rules.FirstDecisionBar, bars.Last))
                Take(bar, columns);
            Equity.Add(BustBar is not null ? 0 : Worth(candles.Close[bar]));
        }
        MeasureDrawdown();
        return this;
    }

    private void Take(int bar, Columns columns)
    {
        Fill(bar);
        if (Worth(candles.Close[bar]) <= 0)
        {
            if (position is not null)
                Close(bar, candles.Close[bar], ExitReason.Bust);
            BustBar = bar;
        }
        else if (bar == bars.Last)
        {
            if (position is not null)
                Close(bar, account.EndOfData == EndOfData.LastClose ? candles.Close[bar] : candles.Open[bar], ExitReason.EndOfData);
        }
        else
        {
            Trail(bar, columns);
            Decide(bar, columns);
        }
    }

    private void Fill(int bar)
    {
        BookSwap(bar);
        if (closes)
            CloseAtMarket(bar, candles.Open[bar], ExitReason.Signal);
        else if (position is not null && bar - position.EntryBar >= rules.MostBars)
            CloseAtMarket(bar, candles.Open[bar], ExitReason.TimeLimit);
        else if (position is not null && candles.Time[bar] >= position.SessionEnd)
            CloseAtMarket(bar, candles.Open[bar], ExitReason.SessionEnd);
        closes = false;
        CheckStopAndTarget(bar);
        if (enters is { } entry)
            Enter(bar, entry);
        enters = null;
        CheckStopAndTargetOfEntry(bar);
    }

    private void BookSwap(int bar)
    {
        if (position is null || account.Costs.Swap is not { } swap)
            return;
        var nights = 0;
        for (var day = (candles.Time[bar - 1] / 86_400) - 1; day <= candles.Time[bar] / 86_400; day++)
        {
            var rollover = (day * 86_400) + (swap.RolloverHour * 3_600);
            if (rollover <= candles.Time[bar - 1] || rollover > candles.Time[bar])
                continue;
            nights += DateTimeOffset.FromUnixTimeSeconds(rollover).DayOfWeek switch
            {
                DayOfWeek.Saturday or DayOfWeek.Sunday => 0,
                DayOfWeek.Wednesday => 3,
                _ => 1,
            };
        }
        var rate = position.Units > 0 ? swap.ForLong : swap.ForShort;
        var interest = account.Currency.FromQuote(Math.Abs(position.Units) * rate * nights, candles.Open[bar]);
        position.Swap += interest;
        cash += interest;
    }

    private void Enter(int bar, Entry entry)
    {
        if (candles.Time[bar] >= entry.SessionEnd)
        {
            Rejected.Add(new RejectedOrder(bar, Rejection.Session));
            return;
        }
        var price = WithSpread(entry.IsLong, bar, candles.Open[bar]) + (entry.IsLong ? Slip() : -Slip());
        var units = Sizing.Units(account, cash, candles.Open[bar], price, entry.Risk);
        if (units == 0)
        {
            Rejected.Add(new RejectedOrder(bar, Rejection.Margin));
            return;
        }
        position = new Position(entry, bar, entry.IsLong ? units : -units, price, account.Commission(units, price));
        cash -= position.EntryCommission;
    }

    private void CheckStopAndTarget(int bar)
    {
        if (position is { } held && held.EntryBar < bar)
            CheckLevels(bar, held);
    }

    private void CheckStopAndTargetOfEntry(int bar)
    {
        if (position is { } held && held.EntryBar == bar)
            CheckLevels(bar, held);
    }

    private void CheckLevels(int bar, Position held)
    {
        double open = candles.Open[bar], high = candles.High[bar], low = candles.Low[bar];
        var isLong = held.Units > 0;
        double? stop = held.StopLoss, target = held.TakeProfit;
        var isTrailing = held.TrailingStop is { } trailing && (stop is null || (isLong ? trailing > stop : trailing < stop));
        if (isTrailing)
            stop = held.TrailingStop;
        var stopped = isLong ? low <= stop : high >= stop;
        var reached = isLong ? high >= target : low <= target;
        if (stopped && reached)
            TouchedBoth.Add(bar);
        if (stopped)
        {
            var isGap = isLong ? open < stop : open > stop;
            var reason = (isTrailing, isGap) switch
            {
                (false, false) => ExitReason.StopLoss,
                (false, true) => ExitReason.StopLossGap,
                (true, false) => ExitReason.TrailingStop,
                (true, true) => ExitReason.TrailingStopGap,
            };
            CloseAtMarket(bar, isGap ? open : stop!.Value, reason);
        }
        else if (reached)
        {
            var isGap = isLong ? open > target : open < target;
            Close(bar, isGap ? open : target!.Value, isGap ? ExitReason.TakeProfitGap : ExitReason.TakeProfit);
        }
    }

    private void CloseAtMarket(int bar, double price, ExitReason reason) =>
        Close(bar, price + (position!.Units > 0 ? -Slip() : Slip()), reason);

    private void Close(int bar, double price, ExitReason reason)
    {
        var held = position!;
        var exitCommission = account.Commission(held.Units, price);
        var commission = held.EntryCommission + exitCommission;
        var profit = account.Currency.FromQuote(held.Units * (price - held.EntryPrice), price);
        var entryValue = account.Currency.FromQuote(Math.Abs(held.Units) * held.EntryPrice, held.EntryPrice);
        Trades.Add(new Trade(
            held.Units > 0 ? Direction.Long : Direction.Short, Math.Abs(held.Units), held.EntryBar, bar,
            candles.Time[held.EntryBar], candles.Time[bar], held.EntryPrice, price, held.StopLoss, held.TakeProfit,
            profit - commission + held.Swap, commission, held.Swap,
            100 * ((Math.Sign(held.Units) * ((price / held.EntryPrice) - 1)) - ((commission - held.Swap) / entryValue)), reason));
        cash += profit - exitCommission;
        position = null;
    }

    private void Trail(int bar, Columns columns)
    {
        if (position is not { } held || rules.TrailingStop is not { } order)
            return;
        var isLong = held.Units > 0;
        var level = candles.Close[bar] + ((isLong ? -1 : 1) * Distance(order, bar, columns));
        var isOnItsSide = isLong ? level < candles.Close[bar] : level > candles.Close[bar];
        var isNearer = held.TrailingStop is not { } old || (isLong ? level > old : level < old);
        if (double.IsFinite(level) && isOnItsSide && isNearer)
            held.TrailingStop = level;
    }

    private void Decide(int bar, Columns columns)
    {
        bool isLong = position?.Units > 0, isShort = position?.Units < 0;
        var sessionEnd = rules.Session is { } session ? session.EndForDecision(candles.Time[bar]) : long.MaxValue;
        if (!isLong && sessionEnd is { } end && IsTrue(rules.EnterLong, bar, columns))
            Order(bar, columns, true, end);
        else if (!isShort && sessionEnd is { } until && IsTrue(rules.EnterShort, bar, columns))
            Order(bar, columns, false, until);
        else
            closes = (isLong && IsTrue(rules.ExitLong, bar, columns)) || (isShort && IsTrue(rules.ExitShort, bar, columns));
    }

    private void Order(int bar, Columns columns, bool isLong, long sessionEnd)
    {
        var close = candles.Close[bar];
        var reference = WithSpread(isLong, bar, close);
        var sign = isLong ? 1 : -1;
        double? stop = rules.StopLoss is { } stopLoss ? close + (-sign * Distance(stopLoss, bar, columns)) : null;
        double? target = rules.TakeProfit is { } takeProfit ? close + (sign * Distance(takeProfit, bar, columns)) : null;
        var risk = rules.Risk is { } step ? columns.Numbers(step)[bar] : 1;
        var isGood = (stop is null || (double.IsFinite(stop.Value) && (isLong ? stop < reference : stop > reference)))
            && (target is null || (double.IsFinite(target.Value) && (isLong ? target > reference : target < reference)))
            && risk > 0;
        if (!isGood)
        {
            Rejected.Add(new RejectedOrder(bar, Rejection.Bracket));
            return;
        }
        closes = position is not null;
        enters = new Entry(isLong, stop, target, risk, sessionEnd);
    }

    private double Distance(ProtectiveOrder order, int bar, Columns columns)
    {
        var distance = order.Distance.IsConstant ? order.Distance.Constant : columns.Numbers(order.Distance.Step)[bar];
        return order.IsPercent ? candles.Close[bar] * distance / 100 : distance;
    }

    private double WithSpread(bool isLong, int bar, double price)
    {
        var spread = account.Costs.Spread;
        return spread.Measure == SpreadMeasure.Relative ? price * (isLong ? 1 + spread.Value : 1 - spread.Value)
            : price + ((isLong ? 1 : -1) * (spread.Measure == SpreadMeasure.FromData ? candles.Spread[bar] : spread.Value));
    }

    private double Slip() => account.Costs.Slippage > 0 ? account.Costs.Slippage * slippage.NextFraction() : 0;

    private double Worth(double price)
    {
        if (position is not { } held)
            return cash;
        if (account.Currency.IsBase)
            return cash + (((price * held.Units) - (held.Units * held.EntryPrice)) / price);
        var units = held.Units * account.Currency.QuoteRate;
        return cash + (price * units) - (units * held.EntryPrice);
    }

    private void MeasureDrawdown()
    {
        var peak = account.Cash;
        var below = 0;
        foreach (var equity in Equity)
        {
            peak = Math.Max(peak, equity);
            below = equity < peak ? below + 1 : 0;
            MaxDrawdownAbs = Math.Max(MaxDrawdownAbs, peak - equity);
            MaxDrawdown = Math.Max(MaxDrawdown, 1 - (equity / peak));
            MaxDrawdownBars = Math.Max(MaxDrawdownBars, below);
        }
    }

    private static bool IsTrue(int? condition, int bar, Columns columns) =>
        condition is { } step && Bits.IsSet(columns.Condition(step), bar);

    private sealed record Entry(bool IsLong, double? StopLoss, double? TakeProfit, double Risk, long SessionEnd);

    private sealed class Position(Entry entry, int bar, double units, double price, double commission)
    {
        public int EntryBar => bar;

        public double Units => units;

        public double EntryPrice => price;

        public double EntryCommission => commission;

        public double? StopLoss => entry.StopLoss;

        public double? TakeProfit => entry.TakeProfit;

        public long SessionEnd => entry.SessionEnd;

        public double? TrailingStop { get; set; }

        public double Swap { get; set; }
    }
}

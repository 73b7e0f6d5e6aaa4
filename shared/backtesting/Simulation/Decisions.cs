using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>What the rules want at the close of a bar, seeing nothing after it.</summary>
internal readonly ref struct Decisions(TradingRules rules, Candles candles, Columns columns, FillPrices prices)
{
    private readonly Signals signals = new(rules, columns);

    /// <summary>
    /// The first bar from <paramref name="from"/> on at which the rules may want something of a position; <paramref name="last"/> when there is
    /// none before it.
    /// </summary>
    /// <param name="units">The position: signed, 0 when flat.</param>
    public int Next(double units, int from, int last) => signals.Next(units, from, last);

    /// <summary>The first rule that applies: open long, open short, close.</summary>
    public Decision At(int bar, double units)
    {
        var sessionEnd = rules.Session is { } session ? session.EndForDecision(candles.TimeColumn[bar]) : long.MaxValue;
        if (sessionEnd is { } end && units <= 0 && Signals.IsSet(signals.EnterLong, bar))
            return Open(bar, units, Direction.Long, end);
        if (sessionEnd is { } until && units >= 0 && Signals.IsSet(signals.EnterShort, bar))
            return Open(bar, units, Direction.Short, until);
        return new Decision(
            Closes: (units > 0 && Signals.IsSet(signals.ExitLong, bar)) || (units < 0 && Signals.IsSet(signals.ExitShort, bar)));
    }

    /// <summary>Where the close of <paramref name="bar"/> puts a trailing stop; NaN where it puts none.</summary>
    public double TrailingStop(int bar, bool isLong)
    {
        var close = candles.CloseColumn[bar];
        var level = Level(rules.TrailingStop, bar, isLong ? -1 : 1) ?? double.NaN;
        return double.IsFinite(level) && (isLong ? level < close : level > close) ? level : double.NaN;
    }

    private Decision Open(int bar, double units, Direction direction, long sessionEnd)
    {
        var reference = prices.WithSpread(direction, bar, candles.CloseColumn[bar]);
        var towardsProfit = direction == Direction.Long ? 1 : -1;
        var stop = Level(rules.StopLoss, bar, -towardsProfit);
        var target = Level(rules.TakeProfit, bar, towardsProfit);
        var risk = rules.Risk is { } step ? columns.Numbers(step)[bar] : double.PositiveInfinity;
        return IsBeyond(stop, reference, -towardsProfit) && IsBeyond(target, reference, towardsProfit) && risk > 0
            ? new Decision(Closes: units != 0, new PendingEntry(direction, stop, target, risk, sessionEnd))
            : new Decision(IsRejected: true);
    }

    /// <summary>The price at the order's distance above or below the close, by <paramref name="sign"/>; null without an order.</summary>
    private double? Level(ProtectiveOrder? order, int bar, int sign)
    {
        if (order is null)
            return null;
        var close = candles.CloseColumn[bar];
        var distance = order.Distance.IsConstant ? order.Distance.Constant : columns.Numbers(order.Distance.Step)[bar];
        return close + (sign * (order.IsPercent ? close * distance / 100 : distance));
    }

    /// <summary>Whether a level, where there is one, is defined and on its side of the reference price.</summary>
    private static bool IsBeyond(double? level, double reference, int sign) =>
        level is not { } price || (double.IsFinite(price) && sign * (price - reference) > 0);
}

/// <summary>Orders for the next open; the default is none.</summary>
/// <param name="IsRejected">Whether an order was wanted whose stop, target or risk makes no sense.</param>
internal readonly record struct Decision(bool Closes = false, PendingEntry? Enters = null, bool IsRejected = false);

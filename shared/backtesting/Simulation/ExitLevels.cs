using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Simulation;

/// <summary>The prices at which a position is closed inside a bar. A level that is NaN is none: no price touches it.</summary>
/// <param name="Trailing">Where the trailing stop stands by now.</param>
internal readonly record struct ExitLevels(bool IsLong, double StopLoss, double TakeProfit, double Trailing)
{
    public static ExitLevels Of(in PendingEntry order) => new(
        order.Direction == Direction.Long, order.StopLoss ?? double.NaN, order.TakeProfit ?? double.NaN, Trailing: double.NaN);

    /// <summary>The nearer of the two stops.</summary>
    private double Stop => IsTrailing ? Trailing : StopLoss;

    private bool IsTrailing => double.IsNaN(StopLoss) || (IsLong ? Trailing > StopLoss : Trailing < StopLoss);

    /// <summary>The trailing stop moved to a level, unless it stands nearer already.</summary>
    public ExitLevels Trail(double level) =>
        double.IsNaN(Trailing) || (IsLong ? level > Trailing : level < Trailing) ? this with { Trailing = level } : this;

    /// <summary>The first of the bars that touches stop or target; <paramref name="until"/> when none does.</summary>
    public int FirstTouch(Candles candles, int from, int until) => IsLong
        ? Touch.First(candles, below: Stop, above: TakeProfit, from, until)
        : Touch.First(candles, below: TakeProfit, above: Stop, from, until);

    /// <summary>What the prices of one bar do to the position; a bar that touches both is taken to reach the stop first.</summary>
    public Touched At(Candles candles, int bar)
    {
        double open = candles.OpenColumn[bar], high = candles.HighColumn[bar], low = candles.LowColumn[bar], stop = Stop;
        var stopped = IsLong ? low <= stop : high >= stop;
        var reached = IsLong ? high >= TakeProfit : low <= TakeProfit;
        if (stopped)
        {
            var price = IsLong ? Math.Min(open, stop) : Math.Max(open, stop);
            var isGap = price != stop;
            return new Touched(price, StopReason(isGap), IsStop: true, IsBoth: reached);
        }
        if (!reached)
            return default;
        var better = IsLong ? Math.Max(open, TakeProfit) : Math.Min(open, TakeProfit);
        return new Touched(better, better == TakeProfit ? ExitReason.TakeProfit : ExitReason.TakeProfitGap, IsStop: false, IsBoth: false);
    }

    private ExitReason StopReason(bool isGap) => (IsTrailing, isGap) switch
    {
        (true, false) => ExitReason.TrailingStop,
        (true, true) => ExitReason.TrailingStopGap,
        (false, false) => ExitReason.StopLoss,
        _ => ExitReason.StopLossGap,
    };
}

/// <summary>An exit inside a bar; the default is none.</summary>
/// <param name="Price">Above 0.</param>
/// <param name="IsBoth">Whether the bar touched stop and target.</param>
internal readonly record struct Touched(double Price, ExitReason Reason, bool IsStop, bool IsBoth)
{
    public bool IsExit => Price > 0;
}

using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Metrics;

/// <summary>Takes the equity of every bar once, in order, and keeps what the metrics and the chart need.</summary>
internal sealed class EquityCurve
{
    private readonly int step;
    private readonly int lastBar;
    private readonly List<EquityPoint> points;
    private readonly List<double> dayEnds = [];
    private double peak;
    private double deepest;
    private double previous;
    private int barsBelow;
    private int nextSample;
    private long nextDay;

    /// <param name="step">Every how many bars a point is kept; the last bar is kept besides.</param>
    public EquityCurve(double cash, int bars, int step)
    {
        this.step = step;
        lastBar = bars - 1;
        points = new List<EquityPoint>((bars / step) + 2);
        previous = peak = cash;
    }

    public IReadOnlyList<EquityPoint> Points => points;

    public double Final => previous;

    public double MaxDrawdownAbs { get; private set; }

    /// <summary>Share of the peak, 0 to 1.</summary>
    public double MaxDrawdown { get; private set; }

    public int MaxDrawdownBars { get; private set; }

    /// <summary>Notes the equity at the close of <paramref name="bar"/>.</summary>
    public void Mark(int bar, long time, double equity)
    {
        if (time >= nextDay)
            TurnDay(bar, time);
        if (equity >= peak)
        {
            peak = equity;
            barsBelow = 0;
            deepest = 0;
        }
        else
        {
            Fall(equity);
        }
        previous = equity;
        if (bar == nextSample || bar == lastBar)
            Sample(bar, time, equity);
    }

    /// <summary>See <see cref="BacktestMetrics.SharpeDaily252"/>.</summary>
    public double? Sharpe()
    {
        const double tradingDays = 252;
        var ends = new List<double>(dayEnds) { previous };
        var count = ends.Count - 1;
        if (count < 2)
            return null;
        double sum = 0;
        for (var i = 1; i < ends.Count; i++)
            sum += (ends[i] / ends[i - 1]) - 1;
        double mean = sum / count, squares = 0;
        for (var i = 1; i < ends.Count; i++)
        {
            var deviation = (ends[i] / ends[i - 1]) - 1 - mean;
            squares += deviation * deviation;
        }
        var sharpe = mean / Math.Sqrt(squares / (count - 1)) * Math.Sqrt(tradingDays);
        return double.IsFinite(sharpe) ? sharpe : null;
    }

    private void TurnDay(int bar, long time)
    {
        if (bar > 0)
            dayEnds.Add(previous);
        nextDay = ((time / UtcTime.SecondsPerDay) + 1) * UtcTime.SecondsPerDay;
    }

    private void Fall(double equity)
    {
        if (++barsBelow > MaxDrawdownBars)
            MaxDrawdownBars = barsBelow;
        var fall = peak - equity;
        if (fall <= deepest)
            return;
        // Below one peak the deepest fall is also the largest share.
        deepest = fall;
        MaxDrawdownAbs = Math.Max(MaxDrawdownAbs, fall);
        MaxDrawdown = Math.Max(MaxDrawdown, 1 - (equity / peak));
    }

    private void Sample(int bar, long time, double equity)
    {
        points.Add(new EquityPoint(bar, time, equity));
        nextSample = bar + step;
    }
}

using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Metrics;

/// <summary>Takes the equity of every bar once, in order, and keeps what the metrics and the chart need.</summary>
internal sealed class EquityCurve
{
    private readonly int step;
    private readonly int lastBar;
    private readonly List<EquityPoint> points;
    private readonly List<EquityPoint> dayEnds = [];
    private double peak;
    private double deepest;
    private double previous;
    private int barsBelow;
    private int nextSample;
    private long nextDay;
    private long previousTime;

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

    public (int First, int Last)? LongestDrawdown { get; private set; }

    public ReadOnlySpan<EquityPoint> DayEnds => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(dayEnds);

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
            Fall(bar, equity);
        }
        previous = equity;
        previousTime = time;
        if (bar == lastBar)
            dayEnds.Add(new EquityPoint(bar, time, equity));
        if (bar == nextSample || bar == lastBar)
            Sample(bar, time, equity);
    }

    private void TurnDay(int bar, long time)
    {
        if (bar > 0)
            dayEnds.Add(new EquityPoint(bar - 1, previousTime, previous));
        nextDay = ((time / UtcTime.SecondsPerDay) + 1) * UtcTime.SecondsPerDay;
    }

    private void Fall(int bar, double equity)
    {
        if (++barsBelow > MaxDrawdownBars)
        {
            MaxDrawdownBars = barsBelow;
            LongestDrawdown = (bar - barsBelow + 1, bar);
        }
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

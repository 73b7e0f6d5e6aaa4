using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Simulation;

namespace Hexabase.Backtesting.Metrics;

/// <summary>
/// Takes the equity of every bar once, in order, a stretch of bars with the same position at a time, and keeps what the metrics and the
/// chart need.
/// </summary>
internal sealed class EquityCurve
{
    /// <summary>Bars looked at together: short enough that a new peak costs little, long enough that a fall is fast.</summary>
    private const int Block = 128;

    private const int Width = 4;

    private readonly Candles candles;
    private readonly BarRange bars;
    private readonly int step;
    private readonly List<EquityPoint> points;
    private readonly List<EquityPoint> dayEnds;
    private double peak;
    private double trough = double.PositiveInfinity;
    private int firstBelow;
    private int nextPoint;
    private int nextDay;

    /// <param name="step">Every how many bars a point is kept, the last bar besides; 0 for none at all.</param>
    /// <param name="journal">Gets the points and the ends of days.</param>
    public EquityCurve(double cash, Candles candles, BarRange bars, int step, Journal journal)
    {
        (this.candles, this.bars, this.step) = (candles, bars, step);
        (points, dayEnds) = (journal.Equity, journal.DayEnds);
        Final = peak = cash;
        firstBelow = bars.From;
        nextPoint = step > 0 ? bars.From : int.MaxValue;
        nextDay = candles.DayEnds.BinarySearch(bars.From);
        if (nextDay < 0)
            nextDay = ~nextDay;
    }

    /// <summary>The last bar of every UTC day that has one, and the very last bar.</summary>
    public ReadOnlySpan<EquityPoint> DayEnds => CollectionsMarshal.AsSpan(dayEnds);

    public double Final { get; private set; }

    public double MaxDrawdownAbs { get; private set; }

    /// <summary>Share of the peak, 0 to 1.</summary>
    public double MaxDrawdown { get; private set; }

    public int MaxDrawdownBars => LongestDrawdown is { } longest ? longest.Last - longest.First + 1 : 0;

    /// <summary>The first and the last of the most bars in a row below the peak; null when there are none.</summary>
    public (int First, int Last)? LongestDrawdown { get; private set; }

    /// <summary>Notes one equity for all bars from <paramref name="from"/> up to <paramref name="until"/>.</summary>
    public void Hold(int from, int until, double equity)
    {
        if (from >= until)
            return;
        if (equity >= peak)
        {
            RiseTo(equity, from);
            firstBelow = until;
        }
        else
        {
            trough = Math.Min(trough, equity);
        }
        Note(until, Valuation.Of(equity));
    }

    /// <summary>
    /// Notes the worth of a position at the closes from <paramref name="from"/> up to <paramref name="until"/>. Returns the first bar at
    /// which nothing is left, which is not noted; otherwise <paramref name="until"/>.
    /// </summary>
    public int Follow(int from, int until, in Valuation worth)
    {
        var bar = from;
        while (bar < until)
        {
            var end = Math.Min(bar + Block, until);
            if (!TryFall(bar, end, worth) && !TryFollow(ref bar, end, worth))
                break;
            bar = end;
        }
        if (bar > from)
            Note(bar, worth);
        return bar;
    }

    /// <summary>Ends the curve after its last bar.</summary>
    public void Complete()
    {
        EndDrawdown(bars.Until);
        var last = new EquityPoint(bars.Last, candles.TimeColumn[bars.Last], Final);
        if (step > 0 && points[^1].Bar != last.Bar)
            points.Add(last);
        if (dayEnds.Count == 0 || dayEnds[^1].Bar != last.Bar)
            dayEnds.Add(last);
    }

    /// <summary>Notes bars that all lie below the peak and above nothing; false, with nothing noted, when one does not.</summary>
    private bool TryFall(int from, int until, in Valuation worth)
    {
        if (until - from < Width)
            return false;
        var closes = candles.CloseColumn;
        // The last four overlap those before them, which changes neither the lowest nor the highest.
        Vector256<double> lowest = worth.At(Vector256.Create(closes, until - Width)), highest = lowest;
        for (var bar = from; bar < until - Width; bar += Width)
        {
            var equity = worth.At(Vector256.Create(closes, bar));
            lowest = Vector256.Min(lowest, equity);
            highest = Vector256.Max(highest, equity);
        }
        if (!Vector256.LessThanAll(highest, Vector256.Create(peak)) || !Vector256.GreaterThanAll(lowest, Vector256<double>.Zero))
            return false;
        for (var lane = 0; lane < Width; lane++)
            trough = Math.Min(trough, lowest[lane]);
        return true;
    }

    /// <summary>Notes bars one by one; false with the bar at which nothing is left.</summary>
    private bool TryFollow(ref int bar, int until, in Valuation worth)
    {
        for (; bar < until; bar++)
        {
            var equity = worth.At(candles.CloseColumn[bar]);
            if (equity <= 0)
                return false;
            if (equity >= peak)
            {
                RiseTo(equity, bar);
                firstBelow = bar + 1;
            }
            else
            {
                trough = Math.Min(trough, equity);
            }
        }
        return true;
    }

    private void RiseTo(double equity, int bar)
    {
        EndDrawdown(bar);
        peak = equity;
        trough = double.PositiveInfinity;
    }

    /// <summary>Below one peak the lowest equity is the furthest fall in both measures.</summary>
    private void EndDrawdown(int bar)
    {
        if (firstBelow >= bar)
            return;
        if (bar - firstBelow > MaxDrawdownBars)
            LongestDrawdown = (firstBelow, bar - 1);
        MaxDrawdownAbs = Math.Max(MaxDrawdownAbs, peak - trough);
        MaxDrawdown = Math.Max(MaxDrawdown, 1 - (trough / peak));
    }

    /// <summary>Keeps the points and day ends before <paramref name="until"/> that are not kept yet.</summary>
    private void Note(int until, in Valuation worth)
    {
        for (; nextPoint < until; nextPoint += step)
            points.Add(PointAt(nextPoint, worth));
        var ends = candles.DayEnds;
        for (; nextDay < ends.Length && ends[nextDay] < until; nextDay++)
            dayEnds.Add(PointAt(ends[nextDay], worth));
        Final = worth.At(candles.CloseColumn[until - 1]);
    }

    private EquityPoint PointAt(int bar, in Valuation worth) =>
        new(bar, candles.TimeColumn[bar], worth.At(candles.CloseColumn[bar]));
}

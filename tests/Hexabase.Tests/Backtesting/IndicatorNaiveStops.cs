using Hexabase.Backtesting.Prices;

namespace Hexabase.Tests.Backtesting;

/// <summary>Supertrend in columns, as TradingView's documentation of <c>ta.supertrend</c> spells it out.</summary>
internal static class NaiveSupertrend
{
    public static (double[] Line, double[] Direction) Of(Candles candles, double[] range, double multiple)
    {
        var n = candles.Count;
        double[] upper = new double[n], lower = new double[n], line = new double[n], direction = new double[n];
        for (var i = 0; i < n; i++)
        {
            var middle = (candles.High[i] + candles.Low[i]) / 2;
            (upper[i], lower[i]) = (middle + (multiple * range[i]), middle - (multiple * range[i]));
            if (double.IsNaN(range[i]))
            {
                (line[i], direction[i]) = (double.NaN, double.NaN);
                continue;
            }
            var isFirst = i == 0 || double.IsNaN(range[i - 1]);
            if (!isFirst)
            {
                lower[i] = lower[i] > lower[i - 1] || candles.Close[i - 1] < lower[i - 1] ? lower[i] : lower[i - 1];
                upper[i] = upper[i] < upper[i - 1] || candles.Close[i - 1] > upper[i - 1] ? upper[i] : upper[i - 1];
            }
            if (isFirst)
                direction[i] = -1;
            else if (direction[i - 1] < 0)
                direction[i] = candles.Close[i] > upper[i] ? 1 : -1;
            else
                direction[i] = candles.Close[i] < lower[i] ? -1 : 1;
            line[i] = direction[i] > 0 ? lower[i] : upper[i];
        }
        return (line, direction);
    }
}

/// <summary>The parabolic stop and reverse with a branch for either side, in the order of TA-Lib's <c>SAR</c>.</summary>
internal static class NaiveParabolicSar
{
    public static (double[] Stop, double[] Direction) Of(Candles candles, double step, double maximum)
    {
        var n = candles.Count;
        double[] stops = new double[n], directions = new double[n];
        stops.AsSpan().Fill(double.NaN);
        directions.AsSpan().Fill(double.NaN);
        if (n < 2)
            return (stops, directions);
        ReadOnlySpan<double> high = candles.High, low = candles.Low;
        step = Math.Min(step, maximum);
        double up = high[1] - high[0], down = low[0] - low[1];
        var isLong = !(down > 0 && down > up);
        double extreme = isLong ? high[1] : low[1], stop = isLong ? low[0] : high[0], share = step;
        for (var i = 1; i < n; i++)
        {
            var before = Math.Max(i - 1, 1); // On the first bar TA-Lib takes it for its own predecessor.
            var top = Math.Max(high[before], high[i]);
            var bottom = Math.Min(low[before], low[i]);
            if (isLong ? low[i] <= stop : high[i] >= stop)
            {
                isLong = !isLong;
                stop = isLong ? Math.Min(extreme, bottom) : Math.Max(extreme, top);
                (extreme, share) = (isLong ? high[i] : low[i], step);
                stops[i] = stop;
            }
            else
            {
                stops[i] = stop;
                if (isLong ? high[i] > extreme : low[i] < extreme)
                    (extreme, share) = (isLong ? high[i] : low[i], Math.Min(share + step, maximum));
            }
            directions[i] = isLong ? 1 : -1;
            stop += share * (extreme - stop);
            stop = isLong ? Math.Min(stop, bottom) : Math.Max(stop, top);
        }
        return (stops, directions);
    }
}

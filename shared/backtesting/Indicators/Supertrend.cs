namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Seban's Supertrend: bands at <paramref name="Multiple"/> average true ranges around the middle of the bar, of which the one behind the
/// price follows it and never gives way; the trend turns when the close passes the other one. It begins as a falling trend.
/// Reads middle, close, average true range.
/// </summary>
public sealed record Supertrend(double Multiple, Trend Output) : Indicator
{
    public override int WarmUp => 0;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        ReadOnlySpan<double> middle = inputs.First, close = inputs.Second, range = inputs.Third;
        double upper = double.PositiveInfinity, lower = double.NegativeInfinity, previousClose = double.NaN;
        var isRising = false;
        for (var i = 0; i < result.Length; i++)
        {
            if (!double.IsFinite(middle[i] + close[i] + range[i]))
            {
                result[i] = double.NaN;
                continue;
            }
            double above = middle[i] + (Multiple * range[i]), below = middle[i] - (Multiple * range[i]);
            if (above < upper || previousClose > upper)
                upper = above;
            if (below > lower || previousClose < lower)
                lower = below;
            if (!double.IsNaN(previousClose))
                isRising = isRising ? close[i] >= lower : close[i] > upper;
            previousClose = close[i];
            if (Output == Trend.Line)
                result[i] = isRising ? lower : upper;
            else
                result[i] = isRising ? 1 : -1;
        }
    }
}

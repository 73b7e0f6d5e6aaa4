namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Wilder's parabolic stop and reverse. Each bar the stop moves towards the trend's extreme by a share of their distance: <paramref name="Step"/>
/// at first, so much more at each new extreme, at most <paramref name="Maximum"/>; but not beyond the last two bars. A bar that reaches the
/// stop turns the trend, and the stop jumps to the extreme. The trend begins downwards when the second bar's directional movement
/// is down, with the stop at the first bar's far end. Reads high, low.
/// </summary>
/// <remarks>A falling trend is computed as a rising one in the negated prices, which is exact.</remarks>
public sealed record ParabolicSar(double Step, double Maximum, Trend Output) : Indicator
{
    public override int WarmUp => 1;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        var first = FirstDefined(inputs, 0);
        var second = FirstDefined(inputs, first + 1);
        result[..Math.Min(second, result.Length)].Fill(double.NaN);
        if (second < result.Length)
            Follow(inputs, first, second, result);
    }

    private void Follow(InputSeries inputs, int first, int second, Span<double> result)
    {
        ReadOnlySpan<double> highs = inputs.First, lows = inputs.Second;
        double up = highs[second] - highs[first], down = lows[first] - lows[second];
        double sign = down > 0 && down > up ? -1 : 1;
        var (_, stop) = Signed(sign, highs[first], lows[first]);
        var (extreme, previousLow) = Signed(sign, highs[second], lows[second]);
        var previousHigh = extreme;
        var start = Math.Min(Step, Maximum);
        var share = start;
        for (var i = second; i < result.Length; i++)
        {
            var (high, low) = Signed(sign, highs[i], lows[i]);
            if (!double.IsFinite(high + low))
            {
                result[i] = double.NaN;
                continue;
            }
            if (low <= stop)
            {
                sign = -sign;
                (high, low) = (-low, -high);
                (previousHigh, previousLow) = (-previousLow, -previousHigh);
                stop = Math.Min(-extreme, Math.Min(previousLow, low));
                extreme = high;
                share = start;
            }
            result[i] = Output == Trend.Line ? sign * stop : sign;
            if (high > extreme)
            {
                extreme = high;
                share = Math.Min(share + Step, Maximum);
            }
            stop = Math.Min(stop + (share * (extreme - stop)), Math.Min(previousLow, low));
            (previousHigh, previousLow) = (high, low);
        }
    }

    /// <summary>A bar as the trend sees it: a falling one upside down.</summary>
    private static (double High, double Low) Signed(double sign, double high, double low) => sign > 0 ? (high, low) : (-low, -high);

    private static int FirstDefined(InputSeries inputs, int from)
    {
        while (from < inputs.First.Length && !double.IsFinite(inputs.First[from] + inputs.Second[from]))
            from++;
        return from;
    }
}

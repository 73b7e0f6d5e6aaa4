namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Wilder's relative strength index, 0 to 100: average gain and loss are seeded with the means of the first
/// <paramref name="Period"/> changes, then <c>a += (x - a)/n</c>; 0 when nothing has moved.
/// </summary>
public sealed record Rsi(int Period) : Indicator
{
    public override int WarmUp => Period;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        var input = inputs.First;
        var at = FirstDefined(input);
        result[..Math.Min(at + 1, result.Length)].Fill(double.NaN);
        if (at == input.Length)
            return;
        double previous = input[at], gain = 0, loss = 0;
        at = Seed(input, at + 1, result, ref previous, ref gain, ref loss);

        var share = 1.0 / Period;
        for (; at < result.Length; at++)
        {
            var x = input[at];
            if (!double.IsFinite(x))
            {
                result[at] = double.NaN;
                continue;
            }
            var change = x - previous;
            previous = x;
            gain += share * (Math.Max(change, 0) - gain);
            loss += share * (Math.Max(-change, 0) - loss);
            result[at] = Strength(gain, loss);
        }
    }

    /// <summary>Fills up to the first defined value and returns the index after it.</summary>
    private int Seed(ReadOnlySpan<double> input, int at, Span<double> result, ref double previous, ref double gain, ref double loss)
    {
        for (var changes = 0; at < input.Length; at++)
        {
            result[at] = double.NaN;
            var x = input[at];
            if (!double.IsFinite(x))
                continue;
            gain += Math.Max(x - previous, 0);
            loss += Math.Max(previous - x, 0);
            previous = x;
            if (++changes < Period)
                continue;
            gain /= Period;
            loss /= Period;
            result[at] = Strength(gain, loss);
            return at + 1;
        }
        return at;
    }

    private static double Strength(double gain, double loss)
    {
        var total = gain + loss;
        return total == 0 ? 0 : 100 * (gain / total);
    }
}

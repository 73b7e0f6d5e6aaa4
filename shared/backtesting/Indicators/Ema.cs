namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Exponential moving average: seeded with the mean of the first <paramref name="Period"/> values, then
/// <c>e += 2/(n+1) * (x - e)</c>.
/// </summary>
public sealed record Ema(int Period) : Indicator
{
    public override int WarmUp => Period - 1;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        var input = inputs.First;
        var at = Seed(input, result, out var average);
        var weight = 2.0 / (Period + 1);
        for (; at < input.Length; at++)
        {
            var x = input[at];
            if (double.IsFinite(x))
            {
                average += weight * (x - average);
                result[at] = average;
            }
            else
            {
                result[at] = double.NaN;
            }
        }
    }

    /// <summary>Fills up to the first defined average and returns the index after it.</summary>
    private int Seed(ReadOnlySpan<double> input, Span<double> result, out double average)
    {
        double sum = 0;
        var seen = 0;
        for (var i = 0; i < input.Length; i++)
        {
            result[i] = double.NaN;
            if (!double.IsFinite(input[i]))
                continue;
            sum += input[i];
            if (++seen < Period)
                continue;
            average = result[i] = sum / Period;
            return i + 1;
        }
        average = double.NaN;
        return input.Length;
    }
}

namespace Hexabase.Backtesting.Indicators;

/// <summary>Averages that move a fixed share of the way to each new value: <c>a += share * (x - a)</c>.</summary>
internal static class Smoothing
{
    /// <summary>Leaves out <paramref name="skipped"/> values, seeds with the mean of the next <paramref name="period"/>, then moves.</summary>
    public static void Run(int skipped, int period, double share, ReadOnlySpan<double> input, Span<double> result)
    {
        var at = Seed(skipped, period, input, result, out var average);
        input = input[at..];
        result = result[at..];
        for (var i = 0; i < result.Length; i++)
        {
            var x = input[i];
            if (double.IsFinite(x))
            {
                average += share * (x - average);
                result[i] = average;
            }
            else
            {
                result[i] = double.NaN;
            }
        }
    }

    /// <summary>Fills up to the first defined average and returns the index after it.</summary>
    private static int Seed(int skipped, int period, ReadOnlySpan<double> input, Span<double> result, out double average)
    {
        double sum = 0;
        var seen = 0;
        for (var i = 0; i < input.Length; i++)
        {
            result[i] = double.NaN;
            if (!double.IsFinite(input[i]) || ++seen <= skipped)
                continue;
            sum += input[i];
            if (seen < skipped + period)
                continue;
            average = result[i] = sum / period;
            return i + 1;
        }
        average = double.NaN;
        return input.Length;
    }
}

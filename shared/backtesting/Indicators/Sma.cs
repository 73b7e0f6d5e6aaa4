namespace Hexabase.Backtesting.Indicators;

/// <summary>Simple moving average: the mean of the last <paramref name="Period"/> values.</summary>
public sealed record Sma(int Period) : WindowIndicator(Period)
{
    /// <summary>The running sum starts afresh this often, so that its rounding errors stay those of a short sum.</summary>
    private const int BarsPerSum = 1_024;

    protected override void Slide(ReadOnlySpan<double> input, Span<double> result)
    {
        if (Period == 1)
        {
            input.CopyTo(result); // Exactly, as no running sum would.
            return;
        }
        var first = Period - 1;
        var block = Math.Max(BarsPerSum, Period);
        double period = Period;
        for (var start = first; start < input.Length; start += block)
        {
            double sum = 0;
            foreach (var x in input.Slice(start - first, Period))
                sum += x;
            result[start] = sum / period;

            var length = Math.Min(block, input.Length - start) - 1;
            var entering = input.Slice(start + 1, length);
            var leaving = input.Slice(start - first, length);
            var averages = result.Slice(start + 1, length);
            for (var i = 0; i < averages.Length; i++)
            {
                sum += entering[i] - leaving[i];
                averages[i] = sum / period;
            }
        }
    }
}

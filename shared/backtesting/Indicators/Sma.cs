namespace Hexabase.Backtesting.Indicators;

/// <summary>Simple moving average: the mean of the last <paramref name="Period"/> values.</summary>
public sealed record Sma(int Period) : WindowIndicator(Period)
{
    protected override void Slide(ReadOnlySpan<double> input, Span<double> result)
    {
        if (Period == 1)
        {
            input.CopyTo(result); // Exactly, as no running sum would.
            return;
        }
        var first = Period - 1;
        double period = Period;
        for (var start = first; start < input.Length; start += BarsPerSum)
        {
            double sum = 0;
            foreach (var x in input.Slice(start - first, Period))
                sum += x;
            result[start] = sum / period;

            var length = Math.Min(BarsPerSum, input.Length - start) - 1;
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

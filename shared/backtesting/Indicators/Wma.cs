namespace Hexabase.Backtesting.Indicators;

/// <summary>Weighted moving average of the last <paramref name="Period"/> values: weights 1 … n, the newest heaviest.</summary>
public sealed record Wma(int Period) : WindowIndicator(Period)
{
    protected override void Slide(ReadOnlySpan<double> input, Span<double> result)
    {
        if (Period == 1)
        {
            input.CopyTo(result); // Exactly, as no running sum would.
            return;
        }
        var first = Period - 1;
        double period = Period, weights = period * (period + 1) / 2;
        for (var start = first; start < input.Length; start += BarsPerSum)
        {
            double sum = 0, weighted = 0;
            var window = input.Slice(start - first, Period);
            for (var i = 0; i < window.Length; i++)
            {
                sum += window[i];
                weighted += window[i] * (i + 1);
            }
            result[start] = weighted / weights;

            var length = Math.Min(BarsPerSum, input.Length - start) - 1;
            var entering = input.Slice(start + 1, length);
            var leaving = input.Slice(start - first, length);
            var averages = result.Slice(start + 1, length);
            for (var i = 0; i < averages.Length; i++)
            {
                weighted += (period * entering[i]) - sum;
                sum += entering[i] - leaving[i];
                averages[i] = weighted / weights;
            }
        }
    }
}

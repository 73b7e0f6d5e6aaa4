using System.Buffers;

namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Population standard deviation of the last <paramref name="Period"/> values: the root of the mean squared distance from their mean.
/// </summary>
/// <remarks>
/// The windows that hold one pivot bar share sums of distances from its value: those before it are added up backwards from the pivot,
/// those after it forwards. No sum outlives its windows and the pivot is one of their values, so nothing drifts or cancels: the result is
/// that of the two-pass formula, exactly 0 for equal values, at a cost that does not grow with the period.
/// </remarks>
public sealed record Stdev(int Period) : WindowIndicator(Period)
{
    protected override void Slide(ReadOnlySpan<double> input, Span<double> result)
    {
        var rented = ArrayPool<double>.Shared.Rent(Period);
        for (var pivot = Period - 1; pivot < input.Length; pivot += Period)
        {
            var windows = Math.Min(Period, input.Length - pivot);
            Deviate(input.Slice(pivot - Period + 1, Period), input.Slice(pivot, windows), result.Slice(pivot, windows), rented);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <param name="before">The first window; it ends with the pivot.</param>
    /// <param name="after">The last value of each window; it begins with the pivot.</param>
    private void Deviate(ReadOnlySpan<double> before, ReadOnlySpan<double> after, Span<double> result, Span<double> squaresBefore)
    {
        var pivot = after[0];
        double sum = 0, squares = 0;
        for (var i = before.Length - 1; i >= result.Length; i--)
        {
            var distance = before[i] - pivot;
            sum += distance;
            squares += distance * distance;
        }
        for (var i = result.Length - 1; i >= 0; i--)
        {
            var distance = before[i] - pivot;
            result[i] = sum += distance;
            squaresBefore[i] = squares += distance * distance;
        }

        var share = 1.0 / Period;
        sum = squares = 0;
        for (var i = 0; i < result.Length; i++)
        {
            var distance = after[i] - pivot;
            sum += distance;
            squares += distance * distance;
            var mean = (result[i] + sum) * share;
            var variance = ((squaresBefore[i] + squares) * share) - (mean * mean);
            result[i] = variance > 0 ? Math.Sqrt(variance) : 0;
        }
    }
}

using System.Buffers;
using System.Numerics;

namespace Hexabase.Backtesting.Indicators;

/// <summary>Simple moving average: the mean of the last <paramref name="Period"/> values; undefined while one of them is.</summary>
public sealed record Sma(int Period) : Indicator
{
    /// <summary>The running sum starts afresh this often, so that its rounding errors stay those of a short sum.</summary>
    private const int BarsPerSum = 1_024;

    public override int WarmUp => Period - 1;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        var input = inputs.First;
        var start = FirstDefined(input);
        result[..start].Fill(double.NaN);
        input = input[start..];
        result = result[start..];
        if (IsFinite(input))
            Average(input, result);
        else
            AverageAroundGaps(input, result);
    }

    private void Average(ReadOnlySpan<double> input, Span<double> result)
    {
        var first = Period - 1;
        result[..Math.Min(first, result.Length)].Fill(double.NaN);
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

    private void AverageAroundGaps(ReadOnlySpan<double> input, Span<double> result)
    {
        var rented = ArrayPool<double>.Shared.Rent(input.Length);
        var filled = rented.AsSpan(0, input.Length);
        for (var i = 0; i < filled.Length; i++)
            filled[i] = double.IsFinite(input[i]) ? input[i] : 0;
        Average(filled, result);
        ArrayPool<double>.Shared.Return(rented);

        var undefinedUntil = 0;
        for (var i = 0; i < input.Length; i++)
        {
            if (!double.IsFinite(input[i]))
                undefinedUntil = i + Period;
            if (i < undefinedUntil)
                result[i] = double.NaN;
        }
    }

    private static bool IsFinite(ReadOnlySpan<double> values)
    {
        var infinity = new Vector<double>(double.PositiveInfinity);
        var i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            if (!Vector.LessThanAll(Vector.Abs(new Vector<double>(values[i..])), infinity))
                return false;
        }
        for (; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                return false;
        }
        return true;
    }
}

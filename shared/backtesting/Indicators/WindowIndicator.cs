using System.Buffers;
using System.Numerics;

namespace Hexabase.Backtesting.Indicators;

/// <summary>An indicator of the last <paramref name="Period"/> values of one series; undefined while one of them is.</summary>
public abstract record WindowIndicator(int Period) : Indicator
{
    /// <summary>A running sum starts afresh after so many bars, so that its rounding errors stay those of a short sum.</summary>
    protected int BarsPerSum => Math.Max(1_024, Period);

    public sealed override int WarmUp => Period - 1;

    public sealed override void Compute(InputSeries inputs, Span<double> result)
    {
        var input = inputs.First;
        var start = FirstDefined(input);
        result[..Math.Min(start + WarmUp, result.Length)].Fill(double.NaN);
        input = input[start..];
        result = result[start..];
        if (input.Length < Period)
            return;
        if (IsFinite(input))
            Slide(input, result);
        else
            SlideAroundGaps(input, result);
    }

    /// <summary>Fills the result from the first whole window on; every input is finite, and there is at least one window.</summary>
    protected abstract void Slide(ReadOnlySpan<double> input, Span<double> result);

    private void SlideAroundGaps(ReadOnlySpan<double> input, Span<double> result)
    {
        var rented = ArrayPool<double>.Shared.Rent(input.Length);
        var filled = rented.AsSpan(0, input.Length);
        for (var i = 0; i < filled.Length; i++)
            filled[i] = double.IsFinite(input[i]) ? input[i] : 0;
        Slide(filled, result);
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

using System.Buffers;
using System.Runtime.Intrinsics;

namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Commodity channel index: the distance of the value from the mean of the last <paramref name="Period"/>, divided by 0.015 times their mean
/// absolute distance from it; 0 when either distance is.
/// </summary>
/// <remarks>Four bars at a time, each in a lane of its own. Distances are first taken from the bar's own value, so that equal values give 0.</remarks>
public sealed record Cci(int Period) : WindowIndicator(Period)
{
    private const int Lanes = 4;
    private const double Scale = 0.015;

    public override int WorkPerBar => Period;

    protected override void Slide(ReadOnlySpan<double> input, Span<double> result)
    {
        var first = 0;
        for (; first + WarmUp <= input.Length - Lanes; first += Lanes)
            Four(input.Slice(first, WarmUp + Lanes)).CopyTo(result[(first + WarmUp)..]);
        if (first + WarmUp < input.Length)
            SlideLast(input[first..], result[(first + WarmUp)..]);
    }

    /// <summary>The last one to three bars: what the lanes after them compute is thrown away.</summary>
    private void SlideLast(ReadOnlySpan<double> input, Span<double> result)
    {
        var rented = ArrayPool<double>.Shared.Rent(WarmUp + Lanes);
        var padded = rented.AsSpan(0, WarmUp + Lanes);
        padded.Clear();
        input.CopyTo(padded);
        var values = Four(padded);
        for (var i = 0; i < result.Length; i++)
            result[i] = values[i];
        ArrayPool<double>.Shared.Return(rented);
    }

    private Vector256<double> Four(ReadOnlySpan<double> input)
    {
        var current = Vector256.Create(input[WarmUp..]);
        var mean = Vector256<double>.Zero;
        for (var i = 0; i < Period; i++)
            mean += Vector256.Create(input[i..]) - current;
        mean /= Period;

        var deviation = Vector256<double>.Zero;
        for (var i = 0; i < Period; i++)
            deviation += Vector256.Abs(Vector256.Create(input[i..]) - current - mean);
        deviation /= Period;
        return Vector256.ConditionalSelect(
            Vector256.Equals(mean, Vector256<double>.Zero) | Vector256.Equals(deviation, Vector256<double>.Zero),
            Vector256<double>.Zero,
            -mean / (deviation * Scale));
    }
}

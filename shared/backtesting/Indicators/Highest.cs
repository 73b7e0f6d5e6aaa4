namespace Hexabase.Backtesting.Indicators;

/// <summary>The highest of the last <paramref name="Period"/> values, this bar's included.</summary>
public sealed record Highest(int Period) : WindowIndicator(Period)
{
    protected override void Slide(ReadOnlySpan<double> input, Span<double> result) =>
        SlidingExtreme.Run<Higher>(Period, input, result);

    private readonly struct Higher : IExtreme
    {
        public static double Of(double left, double right) => left > right ? left : right;
    }
}

namespace Hexabase.Backtesting.Indicators;

/// <summary>The lowest of the last <paramref name="Period"/> values, this bar's included.</summary>
public sealed record Lowest(int Period) : WindowIndicator(Period)
{
    protected override void Slide(ReadOnlySpan<double> input, Span<double> result) =>
        SlidingExtreme.Run<Lower>(Period, input, result);

    private readonly struct Lower : IExtreme
    {
        public static double Of(double left, double right) => left < right ? left : right;
    }
}

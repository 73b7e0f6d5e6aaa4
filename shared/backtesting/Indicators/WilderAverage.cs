namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Wilder's smoothing: seeded with the mean of the first <paramref name="Period"/> values, then <c>a += (x - a)/n</c>, which is
/// <c>(a*(n-1) + x)/n</c>.
/// </summary>
public sealed record WilderAverage(int Period) : Indicator
{
    public override int WarmUp => Period - 1;

    public override void Compute(InputSeries inputs, Span<double> result) =>
        Smoothing.Run(skipped: 0, Period, 1.0 / Period, inputs.First, result);
}

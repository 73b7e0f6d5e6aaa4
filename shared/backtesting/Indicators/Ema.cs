namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Exponential moving average: seeded with the mean of the first <paramref name="Period"/> values, then
/// <c>e += 2/(n+1) * (x - e)</c>.
/// </summary>
/// <param name="Skipped">Values left out before the seed, so that averages of different periods can begin together.</param>
public sealed record Ema(int Period, int Skipped = 0) : Indicator
{
    public override int WarmUp => Skipped + Period - 1;

    public override void Compute(InputSeries inputs, Span<double> result) =>
        Smoothing.Run(Skipped, Period, 2.0 / (Period + 1), inputs.First, result);
}

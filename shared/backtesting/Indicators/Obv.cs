namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// On-balance volume: begins with the first bar's volume; then the volume of a bar that closes higher than the one before is added, that of
/// one that closes lower subtracted. Reads close, volume.
/// </summary>
public sealed record Obv : Indicator
{
    public override int WarmUp => 0;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        ReadOnlySpan<double> close = inputs.First, volume = inputs.Second;
        double balance = 0, previous = double.NegativeInfinity;
        for (var i = 0; i < result.Length; i++)
        {
            if (!double.IsFinite(close[i] + volume[i]))
            {
                result[i] = double.NaN;
                continue;
            }
            balance += Math.Sign(close[i] - previous) * volume[i];
            previous = close[i];
            result[i] = balance;
        }
    }
}

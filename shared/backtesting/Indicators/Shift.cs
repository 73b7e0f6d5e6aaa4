namespace Hexabase.Backtesting.Indicators;

/// <summary>The value of some bars ago.</summary>
public sealed record Shift(int Bars) : Indicator
{
    public override int WarmUp => Bars;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        var bars = Math.Min(Bars, result.Length);
        result[..bars].Fill(double.NaN);
        inputs.First[..^bars].CopyTo(result[bars..]);
    }
}

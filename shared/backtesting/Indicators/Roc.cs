namespace Hexabase.Backtesting.Indicators;

/// <summary>Rate of change: how far the value is from that of <paramref name="Period"/> bars ago, in percent of that one.</summary>
public sealed record Roc(int Period) : Indicator
{
    public override int WarmUp => Period;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        var warmUp = Math.Min(Period, result.Length);
        result[..warmUp].Fill(double.NaN);
        result = result[warmUp..];
        var values = inputs.First[warmUp..];
        var earlier = inputs.First[..result.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = double.IsFinite(earlier[i]) ? 100 * ((values[i] / earlier[i]) - 1) : double.NaN;
    }
}

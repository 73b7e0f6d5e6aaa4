namespace Hexabase.Backtesting.Indicators;

/// <summary>Wilder's DX, 0 to 100: the difference of +DI and -DI in percent of their sum; 0 when both are 0. Reads +DI, -DI.</summary>
public sealed record DirectionalIndex : Indicator
{
    public override int WarmUp => 0;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        var plus = inputs.First[..result.Length];
        var minus = inputs.Second[..result.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var sum = plus[i] + minus[i];
            result[i] = sum == 0 ? 0 : 100 * (Math.Abs(plus[i] - minus[i]) / sum);
        }
    }
}

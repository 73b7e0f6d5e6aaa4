namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Volume-weighted average price since the first bar of the UTC day; undefined while the day has no volume. Reads price, volume, day.
/// </summary>
public sealed record Vwap : Indicator
{
    public override int WarmUp => 0;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        ReadOnlySpan<double> price = inputs.First, volume = inputs.Second, day = inputs.Third;
        double turnover = 0, traded = 0, today = double.NaN;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = double.NaN;
            if (!double.IsFinite(price[i] + volume[i] + day[i]))
                continue;
            if (day[i] != today)
                (turnover, traded, today) = (0, 0, day[i]);
            turnover += price[i] * volume[i];
            traded += volume[i];
            result[i] = turnover / traded;
        }
    }
}

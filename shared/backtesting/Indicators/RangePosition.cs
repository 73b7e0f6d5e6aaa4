namespace Hexabase.Backtesting.Indicators;

/// <summary>Where a value lies between a high and a low, in percent of their distance; 0 when they are equal. Reads value, high, low.</summary>
/// <param name="From">The end that counts as 0.</param>
public sealed record RangePosition(RangeEnd From) : Indicator
{
    public override int WarmUp => 0;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        var value = inputs.First[..result.Length];
        var high = inputs.Second[..result.Length];
        var low = inputs.Third[..result.Length];
        var from = From == RangeEnd.Low ? low : high;
        for (var i = 0; i < result.Length; i++)
        {
            double range = high[i] - low[i], distance = value[i] - from[i];
            if (!double.IsFinite(range + distance))
                result[i] = double.NaN;
            else
                result[i] = range == 0 ? 0 : 100 * (distance / range);
        }
    }
}

/// <summary>An end of a price range.</summary>
public enum RangeEnd
{
    /// <summary>Positions are 0 to 100.</summary>
    Low,

    /// <summary>Positions are -100 to 0.</summary>
    High,
}

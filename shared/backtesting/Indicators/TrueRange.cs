namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// The range of a bar with the gap from the previous close: the largest of high - low, |high - previous close| and
/// |low - previous close|. Reads high, low, close.
/// </summary>
public sealed record TrueRange : Indicator
{
    public override int WarmUp => 1;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        if (result.IsEmpty)
            return;
        result[0] = double.NaN;
        result = result[1..];
        var high = inputs.First[1..];
        var low = inputs.Second[1..];
        var previousClose = inputs.Third[..^1];
        for (var i = 0; i < result.Length; i++)
        {
            var gap = Math.Max(Math.Abs(high[i] - previousClose[i]), Math.Abs(low[i] - previousClose[i]));
            result[i] = Math.Max(high[i] - low[i], gap);
        }
    }
}

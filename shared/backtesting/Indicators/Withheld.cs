namespace Hexabase.Backtesting.Indicators;

/// <summary>The same values without the first <paramref name="Values"/> of them, for results that are given out together.</summary>
public sealed record Withheld(int Values) : Indicator
{
    public override int WarmUp => Values;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        var input = inputs.First;
        int at = 0, seen = 0;
        for (; at < input.Length && seen < Values; at++)
        {
            if (double.IsFinite(input[at]))
                seen++;
        }
        result[..at].Fill(double.NaN);
        input[at..].CopyTo(result[at..]);
    }
}

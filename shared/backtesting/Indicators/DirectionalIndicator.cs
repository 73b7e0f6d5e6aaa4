namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Wilder's +DI or -DI, 0 to 100: a directional movement in percent of the true range, both as Wilder sums: seeded with the sum of the
/// first n-1 values, then <c>s += x - s/n</c>. 0 while nothing moves. Reads movement, true range.
/// </summary>
public sealed record DirectionalIndicator(int Period) : Indicator
{
    public override int WarmUp => Period - 1;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        ReadOnlySpan<double> movement = inputs.First, range = inputs.Second;
        double moved = 0, ranged = 0, share = 1.0 / Period;
        var seen = 0;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = double.NaN;
            if (!double.IsFinite(movement[i] + range[i]))
                continue;
            if (++seen < Period)
            {
                moved += movement[i];
                ranged += range[i];
                continue;
            }
            moved += movement[i] - (moved * share);
            ranged += range[i] - (ranged * share);
            result[i] = ranged == 0 ? 0 : 100 * (moved / ranged);
        }
    }
}

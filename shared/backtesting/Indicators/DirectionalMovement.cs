namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Wilder's directional movement: how far the bar reaches beyond the previous one to the <paramref name="Side"/>, if that is further than to
/// the other side; else 0. Reads high, low.
/// </summary>
public sealed record DirectionalMovement(MovementSide Side) : Indicator
{
    public override int WarmUp => 1;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        ReadOnlySpan<double> high = inputs.First, low = inputs.Second;
        result[..Math.Min(1, result.Length)].Fill(double.NaN);
        for (var i = 1; i < result.Length; i++)
        {
            double up = high[i] - high[i - 1], down = low[i - 1] - low[i];
            var (towards, away) = Side == MovementSide.Up ? (up, down) : (down, up);
            if (!double.IsFinite(up + down))
                result[i] = double.NaN;
            else
                result[i] = towards > away && towards > 0 ? towards : 0;
        }
    }
}

/// <summary>A side to which a bar can reach beyond the previous one.</summary>
public enum MovementSide
{
    Up,
    Down,
}

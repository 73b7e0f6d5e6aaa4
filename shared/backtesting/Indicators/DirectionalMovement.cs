using System.Runtime.Intrinsics;

namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Wilder's directional movement: how far the bar reaches beyond the previous one to the <paramref name="Side"/>, if that is further
/// than to the other side; else 0. Reads high, low.
/// </summary>
public sealed record DirectionalMovement(MovementSide Side) : Indicator
{
    private const int Lanes = 4;

    public override int WarmUp => 1;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        if (result.IsEmpty)
            return;
        result[0] = double.NaN;
        result = result[1..];
        ReadOnlySpan<double> high = inputs.First[1..], previousHigh = inputs.First[..^1];
        ReadOnlySpan<double> low = inputs.Second[1..], previousLow = inputs.Second[..^1];
        var i = 0;
        for (; i <= result.Length - Lanes; i += Lanes)
        {
            var up = Vector256.Create(high[i..]) - Vector256.Create(previousHigh[i..]);
            var down = Vector256.Create(previousLow[i..]) - Vector256.Create(low[i..]);
            Movement(up, down).CopyTo(result[i..]);
        }
        for (; i < result.Length; i++)
        {
            var up = Vector256.CreateScalar(high[i] - previousHigh[i]);
            var down = Vector256.CreateScalar(previousLow[i] - low[i]);
            result[i] = Movement(up, down).ToScalar();
        }
    }

    private Vector256<double> Movement(Vector256<double> up, Vector256<double> down)
    {
        var (towards, away) = Side == MovementSide.Up ? (up, down) : (down, up);
        var isFurther = Vector256.GreaterThan(towards, Vector256.Max(away, Vector256<double>.Zero));
        var isFinite = Vector256.LessThan(Vector256.Abs(up) + Vector256.Abs(down), Vector256.Create(double.PositiveInfinity));
        var movement = Vector256.ConditionalSelect(isFurther, towards, Vector256<double>.Zero);
        return Vector256.ConditionalSelect(isFinite, movement, Vector256.Create(double.NaN));
    }
}

/// <summary>A side to which a bar can reach beyond the previous one.</summary>
public enum MovementSide
{
    Up,
    Down,
}

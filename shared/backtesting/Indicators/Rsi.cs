namespace Hexabase.Backtesting.Indicators;

/// <summary>
/// Wilder's relative strength index, 0 to 100: average gain and loss are seeded with the means of the first
/// <paramref name="Period"/> changes, then <c>(a*(n-1) + x)/n</c>; 0 when nothing has moved.
/// </summary>
public sealed record Rsi(int Period) : Indicator
{
    public override int WarmUp => Period;

    public override void Compute(InputSeries inputs, Span<double> result)
    {
        var input = inputs.First;
        var at = FirstDefined(input);
        result[..Math.Min(at + 1, result.Length)].Fill(double.NaN);
        if (at == input.Length)
            return;
        double previous = input[at], gain = 0, loss = 0, rest = Period - 1, period = Period;
        var changes = 0;
        for (at++; at < input.Length; at++)
        {
            result[at] = double.NaN;
            var x = input[at];
            if (!double.IsFinite(x))
                continue;
            var change = x - previous;
            previous = x;
            var up = change > 0 ? change : 0;
            var down = change < 0 ? -change : 0;
            if (changes >= Period)
            {
                gain = ((gain * rest) + up) / period;
                loss = ((loss * rest) + down) / period;
            }
            else
            {
                gain += up;
                loss += down;
                if (++changes < Period)
                    continue;
                gain /= period;
                loss /= period;
            }
            var total = gain + loss;
            result[at] = total == 0 ? 0 : 100 * (gain / total);
        }
    }
}

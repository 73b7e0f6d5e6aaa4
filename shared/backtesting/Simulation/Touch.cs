using System.Runtime.Intrinsics;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Simulation;

/// <summary>Finds where prices reach a level.</summary>
internal static class Touch
{
    private const int Width = 4;

    /// <summary>
    /// The first of the bars whose low is at or below one level or whose high is at or above the other; <paramref name="until"/> when there
    /// is none. A level that is NaN is never reached.
    /// </summary>
    public static int First(Candles candles, double below, double above, int from, int until)
    {
        double[] lows = candles.LowColumn, highs = candles.HighColumn;
        var bar = from;
        for (; bar <= until - Width; bar += Width)
        {
            var touched = Vector256.LessThanOrEqual(Vector256.Create(lows, bar), Vector256.Create(below))
                | Vector256.GreaterThanOrEqual(Vector256.Create(highs, bar), Vector256.Create(above));
            if (touched.ExtractMostSignificantBits() != 0)
                break;
        }
        while (bar < until && !(lows[bar] <= below || highs[bar] >= above))
            bar++;
        return bar;
    }
}

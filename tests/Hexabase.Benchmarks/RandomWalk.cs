using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Randomness;

namespace Hexabase.Benchmarks;

/// <summary>Seeded random-walk candles of one minute with five decimals, like those of other engines' reference figures.</summary>
internal static class RandomWalk
{
    private const double Pip = 1e-4;

    public static Candles Candles(int count)
    {
        var random = new SeededRandom(20_240_607, RandomStream.Search);
        var time = new long[count];
        double[] open = new double[count], high = new double[count], low = new double[count], close = new double[count];
        var price = 1.1;
        for (var i = 0; i < count; i++)
        {
            time[i] = 1_500_000_000L / 60 * 60 + (i * 60L);
            open[i] = price;
            close[i] = price = Math.Round(price * (1 + (Pip * Bell(random))), 5);
            high[i] = Math.Round(Math.Max(open[i], close[i]) + (Pip * random.NextFraction() / 2), 5);
            low[i] = Math.Round(Math.Min(open[i], close[i]) - (Pip * random.NextFraction() / 2), 5);
        }
        return new Candles(time, open, high, low, close, [.. Enumerable.Repeat(100.0, count)]);
    }

    /// <summary>About normally distributed with variance 1: the sum of twelve uniform numbers.</summary>
    private static double Bell(SeededRandom random)
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += random.NextFraction();
        return sum;
    }
}

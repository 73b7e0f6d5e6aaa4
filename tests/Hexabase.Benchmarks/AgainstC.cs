using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Simulation;

namespace Hexabase.Benchmarks;

/// <summary>The same run on the same candles as a program in C: <c>against-c.sh</c> calls both in turn and compares.</summary>
internal static class AgainstC
{
    /// <summary>Writes a random walk as that program reads it: the columns open, high, low and close, raw doubles, one after the other.</summary>
    public static void WriteCandles(string path, int bars)
    {
        var candles = RandomWalk.Candles(bars);
        using var file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes(candles.Open));
        file.Write(MemoryMarshal.AsBytes(candles.High));
        file.Write(MemoryMarshal.AsBytes(candles.Low));
        file.Write(MemoryMarshal.AsBytes(candles.Close));
    }

    /// <summary>Runs the SMA cross again and again and prints, as one line: nanoseconds a bar (median), trades, net profit.</summary>
    public static void Measure(int bars, int repetitions)
    {
        const int warmUps = 200;
        var candles = RandomWalk.Candles(bars);
        var warmUp = RandomWalk.Candles(20_000);
        for (var i = 0; i < warmUps; i++)
        {
            Run(warmUp);
            if (i % 50 == 0)
                Thread.Sleep(150); // The runtime compiles hot methods better in the background.
        }
        var metrics = Run(candles);
        var times = new double[repetitions];
        for (var i = 0; i < repetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Run(candles);
            times[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / bars;
        }
        Array.Sort(times);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{times[repetitions / 2]:F3} {metrics.Trades} {metrics.NetProfit:F2}"));
    }

    private static BacktestMetrics Run(Candles candles) =>
        ((BacktestOutcome.Completed)Backtest.Run(BacktestBenchmarks.SmaCross10And30, candles, 0, CancellationToken.None)).Result.Metrics;
}

using BenchmarkDotNet.Attributes;
using Hexabase.Backtesting.Indicators;

namespace Hexabase.Benchmarks;

/// <summary>Each indicator over a million bars.</summary>
public class IndicatorBenchmarks
{
    private const int Bars = 1_000_000;

    private readonly double[] close = RandomWalk.Candles(Bars).Close.ToArray();
    private readonly double[] result = new double[Bars];

    [Benchmark(OperationsPerInvoke = Bars)]
    public void Sma() => new Sma(30).Compute(new InputSeries(close), result);
}

using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Benchmarks;

/// <summary>The stored form of the result of an SMA cross over 5,000 bars: 500 points of equity and some 190 trades.</summary>
[MemoryDiagnoser]
public class ResultBenchmarks
{
    private const string Document = """
        {"schema": "hexabase.strategy/v1", "name": "sma cross", "pair": "EURUSD", "timeframe": "M1",
         "entry": {"long": "cross_above(sma(close, 10), sma(close, 30))", "short": "cross_below(sma(close, 10), sma(close, 30))"}}
        """;

    private readonly BacktestResult result = Run();
    private readonly ArrayBufferWriter<byte> output = new(1 << 17);
    private readonly string hash = new('a', 64);

    [Benchmark]
    public int Write()
    {
        output.ResetWrittenCount();
        result.WriteCanonicalJson(output, hash, hash);
        return output.WrittenCount;
    }

    private static BacktestResult Run()
    {
        StrategyDefinition.Parse(JsonSerializer.Deserialize<JsonElement>(Document)).Succeeded(out var strategy);
        return ((BacktestOutcome.Completed)Backtest.Run(strategy!, RandomWalk.Candles(5_000), seed: 1, CancellationToken.None)).Result;
    }
}

using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps;

namespace Hexabase.Benchmarks;

/// <summary>1,000 SMA pairs (fast 5 to 29, slow 30 to 69) on 100,000 bars, the search of other engines' reference figures.</summary>
[MemoryDiagnoser]
public class SweepBenchmarks
{
    private readonly Candles candles = RandomWalk.Candles(100_000);
    private StrategyDefinition strategy = null!;
    private SweepDefinition grid = null!;
    private SweepDefinition walkForward = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Read()
    {
        StrategyDefinition.Parse(Json("""
            {"schema": "hexabase.strategy/v1", "name": "SMA cross", "pair": "EURUSD", "timeframe": "M1",
             "parameters": {"fast": {"default": 10, "min": 5, "max": 29, "integer": true},
                            "slow": {"default": 30, "min": 30, "max": 69, "integer": true}},
             "entry": {"long": "cross_above(sma(close, fast), sma(close, slow))",
                       "short": "cross_below(sma(close, fast), sma(close, slow))"},
             "account": {"cash": 1000000} }
            """)).Succeeded(out strategy!);
        SweepDefinition.Parse(Json("""{"parameters": {"fast": {}, "slow": {}}}"""), strategy).Succeeded(out grid!);
        SweepDefinition.Parse(Json("""{"parameters": {"fast": {}, "slow": {}}, "validation": {"type": "walk_forward"}}"""), strategy)
            .Succeeded(out walkForward!);
    }

    [Benchmark]
    public SweepOutcome Grid() => Run(grid);

    [Benchmark]
    public SweepOutcome WalkForward() => Run(walkForward);

    [Benchmark]
    public int WriteResult()
    {
        var output = new ArrayBufferWriter<byte>(1 << 16);
        ((SweepOutcome.Completed)Run(grid)).Result.WriteCanonicalJson(output, new string('a', 64), new string('b', 64));
        return output.WrittenCount;
    }

    private SweepOutcome Run(SweepDefinition sweep) =>
        Sweep.Run(strategy, candles, sweep, Threads, static _ => { }, CancellationToken.None);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}

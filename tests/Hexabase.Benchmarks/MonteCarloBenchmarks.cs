using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Benchmarks;

/// <summary>Runs without and with resampling, by how many bars there are and how often their trades are drawn again.</summary>
[MemoryDiagnoser]
public class MonteCarloBenchmarks
{
    private Candles candles = null!;
    private StrategyDefinition strategy = null!;

    /// <summary>About one trade for every 26 bars: the last pair draws the 50 million trades that are allowed at most.</summary>
    [Params("5000 x 0", "5000 x 1000", "130000 x 0", "130000 x 10000")]
    public string BarsAndResamples { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var numbers = BarsAndResamples.Split(" x ").Select(int.Parse).ToArray();
        candles = RandomWalk.Candles(numbers[0]);
        var document = $$"""
            {"schema": "hexabase.strategy/v1", "name": "sma cross", "pair": "EURUSD", "timeframe": "M1",
             "entry": {"long": "cross_above(sma(close, 10), sma(close, 30))", "short": "cross_below(sma(close, 10), sma(close, 30))"}
             {{(numbers[1] > 0 ? $", \"monte_carlo\": {{ \"resamples\": {numbers[1]} }}" : "")}} }
            """;
        StrategyDefinition.Parse(JsonSerializer.Deserialize<JsonElement>(document)).Succeeded(out strategy!);
    }

    [Benchmark]
    public BacktestOutcome Run() => Backtest.Run(strategy, candles, seed: 1, CancellationToken.None);
}

using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Benchmarks;

/// <summary>One whole run: indicators, simulation, metrics and the list of trades. 10,000 units on a million, without costs.</summary>
[MemoryDiagnoser]
public class BacktestBenchmarks
{
    private Candles candles = RandomWalk.Candles(2);

    [Params(100_000, 1_000_000)]
    public int Bars { get; set; }

    [GlobalSetup]
    public void Load() => candles = RandomWalk.Candles(Bars);

    [Benchmark]
    public object SmaCross() => Backtest.Run(SmaCross10And30, candles, 0, CancellationToken.None);

    [Benchmark]
    public object SmaCrossWithStopAndTarget() => Backtest.Run(WithStopAndTarget, candles, 0, CancellationToken.None);

    internal static StrategyDefinition SmaCross10And30 { get; } = Strategy("");

    private static StrategyDefinition WithStopAndTarget { get; } = Strategy(
        """ , "stop_loss": {"type": "percent", "value": 0.05}, "take_profit": {"type": "percent", "value": 0.1} """);

    private static StrategyDefinition Strategy(string more)
    {
        var document = JsonSerializer.Deserialize<JsonElement>($$"""
            {"schema": "hexabase.strategy/v1", "name": "SMA cross", "pair": "EURUSD", "timeframe": "M1",
             "entry": {"long": "cross_above(sma(close, 10), sma(close, 30))", "short": "cross_below(sma(close, 10), sma(close, 30))"},
             "size": {"type": "units", "value": 10000}, "account": {"cash": 1000000, "leverage": 30} {{more}} }
            """);
        var parse = StrategyDefinition.Parse(document);
        return parse.Succeeded(out var strategy) ? strategy : throw new InvalidOperationException(string.Join("; ", parse.Errors));
    }
}

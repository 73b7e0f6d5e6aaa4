using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Benchmarks;

/// <summary>What a strategy costs before the first bar: reading its document, and binding its rules to one set of parameter values.</summary>
public class LanguageBenchmarks
{
    private static readonly JsonElement Document = JsonSerializer.Deserialize<JsonElement>("""
        {"schema": "hexabase.strategy/v1", "name": "SMA cross", "pair": "EURUSD", "timeframe": "H1",
         "parameters": {"fast": {"default": 10, "min": 2, "max": 50}, "slow": {"default": 30, "min": 10, "max": 200}},
         "entry": {"long": "cross_above(sma(close, fast), sma(close, slow))", "short": "cross_below(sma(close, fast), sma(close, slow))"}}
        """);

    private readonly StrategyDefinition strategy = Read();
    private readonly Dictionary<string, double> parameters = new(StringComparer.Ordinal) { ["fast"] = 12, ["slow"] = 40 };

    [Benchmark]
    public object Parse() => Read();

    /// <summary>Into a plan of its own.</summary>
    [Benchmark]
    public object Bind()
    {
        var plan = new PlanBuilder();
        strategy.Bind(parameters, plan, []);
        return plan.Build();
    }

    private static StrategyDefinition Read() => StrategyDefinition.Parse(Document).Succeeded(out var strategy)
        ? strategy
        : throw new InvalidOperationException("The document is no strategy.");
}

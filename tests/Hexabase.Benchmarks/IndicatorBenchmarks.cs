using BenchmarkDotNet.Attributes;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Benchmarks;

/// <summary>Each indicator with all its results over a million bars, computed as a strategy computes it.</summary>
public class IndicatorBenchmarks
{
    private const int Bars = 1_000_000;

    private Candles candles = null!;
    private Plan plan = null!;

    [Params(
        "sma(close, 30)", "ema(close, 30)", "wma(close, 30)", "rsi(close, 14)", "momentum(close, 10)", "roc(close, 10)", "stdev(close, 20)",
        "highest(high, 20)", "lowest(low, 20)", "macd(close, 12, 26, 9)", "bollinger(close, 20, 2)", "true_range()", "atr(14)",
        "stochastic(14, 3, 3)", "adx(14)", "cci(20)", "donchian(20)", "keltner(20, 10, 2)", "obv()", "williams_r(14)",
        "ichimoku(9, 26, 52)", "parabolic_sar(0.02, 0.2)", "supertrend(10, 3)", "vwap()")]
    public string Call { get; set; } = "";

    [GlobalSetup]
    public void Bind()
    {
        candles = RandomWalk.Candles(Bars);
        var builder = new PlanBuilder();
        var nodes = StrategyLimits.Nodes;
        var binder = new Binder(
            new Dictionary<string, double>(StringComparer.Ordinal),
            new Dictionary<string, PlacedExpression?>(StringComparer.Ordinal),
            builder);
        foreach (var step in Steps(binder.Bind(ExpressionParser.Parse(Call, ref nodes))))
            builder.Keep(step);
        plan = builder.Build();
    }

    [Benchmark(OperationsPerInvoke = Bars)]
    public void Compute() => Columns.Evaluate(plan, candles, CancellationToken.None).Dispose();

    private static IEnumerable<int> Steps(Bound bound) => bound switch
    {
        BoundNumber number => [number.Operand.Step],
        BoundOutputs outputs => outputs.Outputs.Values.Select(step => step()),
        _ => throw new InvalidOperationException($"{bound} is no indicator."),
    };
}

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Backtesting.Sweeps.Results;

namespace Hexabase.Tests.Backtesting;

/// <summary>Searches for tests, in the fewest words.</summary>
internal static class Sweeps
{
    /// <summary>The parameters of <see cref="Cross"/> with a default each.</summary>
    private const string Parameters = """
        {"parameters": {"fast": {"default": FAST, "min": 0, "max": 20, "integer": true},
                        "slow": {"default": SLOW, "min": 2, "max": 40, "step": 2, "integer": true},
                        "stop": {"default": STOP, "min": 0.1, "max": 2} },
         "stop_loss": {"type": "percent", "value": "stop"}, "exit": {"long": "rsi(close, 5) > 80"}}
        """;

    /// <summary>Three parameters, an indicator for two of them each, and an exit that depends on none.</summary>
    public static StrategyDefinition Cross(double fast = 3, double slow = 10, double stop = 0.5) => Documents.Strategy(
        "cross_above(sma(close, fast), sma(close, slow))", "cross_below(sma(close, fast), sma(close, slow))",
        Parameters.Replace("FAST", Text(fast), StringComparison.Ordinal).Replace("SLOW", Text(slow), StringComparison.Ordinal)
            .Replace("STOP", Text(stop), StringComparison.Ordinal));

    /// <summary>Steps of every kind: indicators of several results, history, counts of bars, distances and sizes by indicators.</summary>
    public static StrategyDefinition Rich(double fast, double slow) => Documents.Strategy(
        "macd(close, fast, slow, 9) > macd(close, fast, slow, 9).signal and bars_since(cross_above(close, sma(close, slow))) < fast",
        "not (close > bollinger(hl2, slow, 1).lower[1]) or close < lowest(low, fast)[1]",
        Parameters.Replace("FAST", Text(fast), StringComparison.Ordinal).Replace("SLOW", Text(slow), StringComparison.Ordinal)
            .Replace("STOP", "0.5", StringComparison.Ordinal)[..^1] + """
            , "size": {"type": "atr_risk", "percent": 1, "period": 14, "multiple": 2},
              "trailing_stop": {"type": "price_offset", "value": "2 * atr(5)"}, "costs": {"slippage_pips": 1} }
            """);

    public static Candles Walk(int bars = 2_000)
    {
        var random = new Random(11);
        var price = 1.1;
        return Documents.Closes([.. Enumerable.Range(0, bars).Select(_ => price *= 1 + ((random.NextDouble() - 0.5) / 300))]);
    }

    public static SweepDefinition Parse(string search, StrategyDefinition? strategy = null)
    {
        var parse = SweepDefinition.Parse(JsonSerializer.Deserialize<JsonElement>(search), strategy ?? Cross());
        Assert.True(parse.Succeeded(out var sweep), string.Join("; ", parse.Errors));
        return sweep;
    }

    public static IReadOnlyList<string> Errors(string search, StrategyDefinition? strategy = null)
    {
        var parse = SweepDefinition.Parse(JsonSerializer.Deserialize<JsonElement>(search), strategy ?? Cross());
        Assert.Equal(parse.Errors.Count == 0, parse.Succeeded(out _));
        return [.. parse.Errors.Select(error => error.ToString())];
    }

    public static SweepResult Run(string search, Candles? candles = null, StrategyDefinition? strategy = null, int threads = 2) =>
        Assert.IsType<SweepOutcome.Completed>(Outcome(search, candles, strategy, threads)).Result;

    public static SweepOutcome Outcome(string search, Candles? candles = null, StrategyDefinition? strategy = null, int threads = 2)
    {
        strategy ??= Cross();
        return Sweep.Run(strategy, candles ?? Walk(), Parse(search, strategy), threads, _ => { }, CancellationToken.None);
    }

    public static byte[] Bytes(SweepResult result)
    {
        var output = new ArrayBufferWriter<byte>();
        result.WriteCanonicalJson(output, new string('a', 64), new string('b', 64));
        return output.WrittenSpan.ToArray();
    }

    public static JsonElement Json(SweepResult result) => JsonSerializer.Deserialize<JsonElement>(Bytes(result));

    /// <summary>The metrics of the plain backtest with these parameters.</summary>
    public static BacktestMetrics Alone(IReadOnlyDictionary<string, double> set, Candles candles) =>
        Documents.Run(Cross(set["fast"], set["slow"], set.GetValueOrDefault("stop", 0.5)), candles).Metrics;

    private static string Text(double value) => JsonValue.Create(value).ToJsonString();
}

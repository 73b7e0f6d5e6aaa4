using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Tests.Backtesting;

/// <summary>Strategy documents and candles for tests, in the fewest words.</summary>
internal static class Documents
{
    /// <summary>A document with the given entries; <paramref name="more"/> adds or replaces top-level properties, as JSON.</summary>
    public static JsonElement Of(string? enterLong, string? enterShort = null, string more = "{}")
    {
        var entry = new JsonObject();
        if (enterLong is not null)
            entry["long"] = enterLong;
        if (enterShort is not null)
            entry["short"] = enterShort;
        var document = new JsonObject
        {
            ["schema"] = StrategyDefinition.Schema,
            ["name"] = "test",
            ["pair"] = "EURUSD",
            ["timeframe"] = "H1",
            ["entry"] = entry,
        };
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
            document[name] = value?.DeepClone();
        return JsonSerializer.SerializeToElement(document);
    }

    public static StrategyDefinition Strategy(string? enterLong, string? enterShort = null, string more = "{}") =>
        Parse(Of(enterLong, enterShort, more));

    public static StrategyDefinition Parse(JsonElement document)
    {
        var parse = StrategyDefinition.Parse(document);
        Assert.True(parse.Succeeded(out var strategy), string.Join("; ", parse.Errors));
        return strategy;
    }

    public static IReadOnlyList<string> Errors(JsonElement document) =>
        [.. StrategyDefinition.Parse(document).Errors.Select(error => error.ToString())];

    public static BacktestResult Run(StrategyDefinition strategy, Candles candles, int equityPoints = Backtest.EquityPoints) =>
        Assert.IsType<BacktestOutcome.Completed>(Backtest.Run(strategy, candles, 0, equityPoints, CancellationToken.None)).Result;

    /// <summary>Hourly candles from (open, high, low, close).</summary>
    public static Candles Bars(params (double Open, double High, double Low, double Close)[] bars) => new(
        [.. Enumerable.Range(0, bars.Length).Select(i => 1_500_000_000L / 3600 * 3600 + (i * 3600L))],
        [.. bars.Select(bar => bar.Open)], [.. bars.Select(bar => bar.High)], [.. bars.Select(bar => bar.Low)],
        [.. bars.Select(bar => bar.Close)], new double[bars.Length]);

    /// <summary>Candles that open and close at the given prices, one after the other.</summary>
    public static Candles Closes(params double[] closes) => Bars([.. closes.Select(price => (price, price, price, price))]);
}

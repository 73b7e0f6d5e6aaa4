using System.Globalization;
using System.Text.Json;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Tests.Backtesting;

/// <summary>The results of backtesting.py, reproduced trade by trade. What they mean: ../shared/reference/semantics.md.</summary>
public sealed class ConformanceTests
{
    private const double PriceTolerance = 1e-9;
    private const double MetricTolerance = 1e-6;

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly Dictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["sma_cross"] = """
            {"parameters":{"fast":{"default":10,"min":2,"max":100,"integer":true},"slow":{"default":30,"min":2,"max":400,"integer":true}},
             "entry":{"long":"cross_above(sma(close, fast), sma(close, slow))","short":"cross_below(sma(close, fast), sma(close, slow))"}}
            """,
        ["ema_cross"] = """
            {"entry":{"long":"cross_above(ema(close, 10), ema(close, 30))","short":"cross_below(ema(close, 10), ema(close, 30))"}}
            """,
        ["rsi_reversion"] = """
            {"entry":{"long":"cross_below(rsi(close, 14), 30)","short":"cross_above(rsi(close, 14), 70)"},
             "exit":{"long":"rsi(close, 14) >= 50","short":"rsi(close, 14) <= 50"}}
            """,
        ["macd"] = """
            {"entry":{"long":"cross_above(macd(close, 12, 26, 9).line, macd(close, 12, 26, 9).signal)",
                      "short":"cross_below(macd(close, 12, 26, 9).line, macd(close, 12, 26, 9).signal)"}}
            """,
        ["bollinger_breakout"] = """
            {"let":{"upper":"bollinger(close, 20, 2).upper","middle":"bollinger(close, 20, 2).middle","lower":"bollinger(close, 20, 2).lower"},
             "entry":{"long":"cross_above(close, upper)","short":"cross_below(close, lower)"},
             "exit":{"long":"close < middle","short":"close > middle"}}
            """,
        ["donchian_atr"] = """
            {"entry":{"long":"close > highest(high, 20)[1]","short":"close < lowest(low, 20)[1]"},
             "stop_loss":{"type":"price_offset","value":"2 * atr(14)"}}
            """,
        ["sma_cross_bracket"] = """
            {"entry":{"long":"cross_above(sma(close, 10), sma(close, 30))","short":"cross_below(sma(close, 10), sma(close, 30))"},
             "stop_loss":{"type":"price_offset","value":"1.5 * atr(14)"},"take_profit":{"type":"price_offset","value":"2.5 * atr(14)"}}
            """,
    };

    public static TheoryData<string, string, string> Runs()
    {
        var runs = new TheoryData<string, string, string>();
        foreach (var dataset in ReferenceData.Datasets)
        {
            foreach (var config in (string[])["plain", "costs", "equity", "all_in", "thin"])
                runs.Add(dataset, "sma_cross", config);
            foreach (var strategy in Rules.Keys.Where(name => name != "sma_cross"))
            {
                foreach (var config in (string[])["plain", "costs", "equity"])
                    runs.Add(dataset, strategy, config);
            }
        }
        return runs;
    }

    [ReferenceTheory]
    [MemberData(nameof(Runs))]
    public void Closing_at_the_last_open_every_trade_and_equity_is_that_of_the_reference(string dataset, string strategy, string config)
    {
        var expected = ReferenceData.Result($"{dataset}.{strategy}.{config}");
        var candles = ReferenceData.Candles(dataset);
        var actual = Documents.Run(Strategy(strategy, expected, "last_open"), candles, equityPoints: candles.Count);

        Assert.Equal(expected.GetProperty("strategy").GetProperty("first_decision_bar").GetInt32(), actual.FirstDecisionBar);
        Assert.Equal(expected.GetProperty("trades").GetArrayLength(), actual.Trades.Count);
        foreach (var (row, trade) in expected.GetProperty("trades").EnumerateArray().Zip(actual.Trades))
            AssertTrade(row, trade);
        Assert.Equal(expected.GetProperty("bust_bar").Deserialize<int?>(), actual.BustBar);
        Assert.Equal(
            expected.GetProperty("rejected_orders").EnumerateArray().Select(order => (order[0].GetInt32(), order[1].GetString())),
            actual.Rejected.Select(order => (order.Bar, (string?)Name(order.Reason))));
        Assert.Equal(expected.GetProperty("bars_touching_stop_and_target").Deserialize<int[]>(), actual.BarsTouchingBoth);
        AssertEquity(expected.GetProperty("equity_every_100th_bar"), actual.Equity);
        AssertMetrics(expected.GetProperty("metrics_last_open"), actual.Metrics);
    }

    [ReferenceTheory]
    [MemberData(nameof(Runs))]
    public void Closing_at_the_last_close_gives_the_last_trade_and_metrics_of_the_reference(string dataset, string strategy, string config)
    {
        var expected = ReferenceData.Result($"{dataset}.{strategy}.{config}");
        var actual = Documents.Run(Strategy(strategy, expected, "last_close"), ReferenceData.Candles(dataset));

        AssertMetrics(expected.GetProperty("metrics_last_close"), actual.Metrics);
        if (expected.GetProperty("last_trade_if_closed_at_last_close") is not { ValueKind: JsonValueKind.Object } last)
            return;
        Near(last.GetProperty("exit_price"), actual.Trades[^1].ExitPrice, PriceTolerance, "exit_price");
        Near(last.GetProperty("pnl"), actual.Trades[^1].Pnl, PriceTolerance, "pnl");
        Near(last.GetProperty("commission"), actual.Trades[^1].Commission, PriceTolerance, "commission");
    }

    internal static StrategyDefinition Strategy(string name, JsonElement reference, string endOfData)
    {
        var config = reference.GetProperty("config");
        var size = config.GetProperty("size");
        var account = FormattableString.Invariant($$"""
            "size": {"type": "{{(size.GetDouble() < 1 ? "fraction" : "units")}}", "value": {{size.GetRawText()}}},
            "costs": {"spread": {{config.GetProperty("spread").GetRawText()}},
                      "commission_fixed": {{config.GetProperty("commission_fixed").GetRawText()}},
                      "commission_rate": {{config.GetProperty("commission_rate").GetRawText()}}},
            "account": {"cash": {{config.GetProperty("cash").GetRawText()}}, "margin": {{config.GetProperty("margin").GetRawText()}}},
            "end_of_data": "{{endOfData}}"
            """);
        return Documents.Strategy(null, null, $"{{{account}, {Rules[name].TrimStart()[1..]}");
    }

    private static void AssertTrade(JsonElement row, Trade trade)
    {
        Assert.Equal(row[0].GetString(), Name(trade.Direction));
        Assert.Equal(row[1].GetDouble(), trade.Units);
        Assert.Equal((row[2].GetInt32(), row[3].GetInt32()), (trade.EntryBar, trade.ExitBar));
        Assert.Equal((row[4].GetString(), row[5].GetString()), (Time(trade.EntryTime), Time(trade.ExitTime)));
        Near(row[6], trade.EntryPrice, PriceTolerance, "entry_price");
        Near(row[7], trade.ExitPrice, PriceTolerance, "exit_price");
        NearOrNull(row[8], trade.StopLoss, "stop_loss");
        NearOrNull(row[9], trade.TakeProfit, "take_profit");
        Near(row[10], trade.Pnl, PriceTolerance, "pnl");
        Near(row[11], trade.Commission, PriceTolerance, "commission");
        Near(row[12], trade.ReturnPct, PriceTolerance, "return_pct");
        Assert.Equal(row[13].GetString(), Name(trade.ExitReason));
    }

    /// <summary>The reference has bars 0, 100, 200 … and then once more the last bar; the result every bar.</summary>
    private static void AssertEquity(JsonElement expected, IReadOnlyList<EquityPoint> actual)
    {
        var values = expected.EnumerateArray().ToList();
        for (var i = 0; i < values.Count; i++)
            Near(values[i], actual[i == values.Count - 1 ? ^1 : i * 100].Equity, PriceTolerance, $"equity {i}");
    }

    private static void AssertMetrics(JsonElement expected, BacktestMetrics actual)
    {
        var metrics = JsonSerializer.SerializeToElement(actual, SnakeCase);
        foreach (var metric in expected.EnumerateObject())
        {
            // The naming policy sees no word in a number that follows a word.
            var value = metrics.GetProperty(metric.Name);
            if (metric.Value.ValueKind == JsonValueKind.Null)
                Assert.Equal((metric.Name, JsonValueKind.Null), (metric.Name, value.ValueKind));
            else
                Near(metric.Value, value.GetDouble(), MetricTolerance, metric.Name);
        }
    }

    private static void NearOrNull(JsonElement expected, double? actual, string what)
    {
        Assert.Equal((what, expected.ValueKind == JsonValueKind.Null), (what, actual is null));
        if (actual is { } value)
            Near(expected, value, PriceTolerance, what);
    }

    private static void Near(JsonElement expected, double actual, double tolerance, string what)
    {
        var wanted = expected.GetDouble();
        Assert.True(
            Math.Abs(wanted - actual) <= tolerance * Math.Max(1, Math.Abs(wanted)),
            string.Create(CultureInfo.InvariantCulture, $"{what}: expected {wanted:R}, got {actual:R}"));
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string Time(long unixSeconds)
    {
        var text = new byte[UtcTime.TextLength];
        UtcTime.Write(unixSeconds, text);
        return System.Text.Encoding.ASCII.GetString(text);
    }
}

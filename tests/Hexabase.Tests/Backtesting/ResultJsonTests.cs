using System.Text;
using System.Text.Json;
using Hexabase.Backtesting;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Tests.Backtesting;

public sealed class ResultJsonTests
{
    private static readonly string CodeHash = new('a', 64);
    private static readonly string DatasetHash = new('b', 64);
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Fact]
    public void The_stored_form_is_canonical_however_many_rows_there_are()
    {
        var bytes = Sample().ToCanonicalJson(CodeHash, DatasetHash);
        Assert.True(bytes.Length > 100_000);
        Assert.True(bytes.AsSpan().SequenceEqual(CanonicalJson.GetBytes(JsonSerializer.Deserialize<JsonElement>(bytes))));
    }

    [Fact]
    public void The_stored_form_is_canonical_with_everything_in_it()
    {
        var bytes = Everything().ToCanonicalJson(CodeHash, DatasetHash);
        Assert.Equal(
            Encoding.UTF8.GetString(CanonicalJson.GetBytes(JsonSerializer.Deserialize<JsonElement>(bytes))), Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Every_metric_stands_under_its_own_name()
    {
        var result = Everything();
        var json = JsonSerializer.Deserialize<JsonElement>(result.ToCanonicalJson(CodeHash, DatasetHash));
        AssertSame(result.Metrics, json.GetProperty("metrics"));
        AssertSame(result.LongSide, json.GetProperty("sides").GetProperty("long"));
        AssertSame(result.ShortSide, json.GetProperty("sides").GetProperty("short"));
    }

    [Fact]
    public void It_names_what_it_was_computed_from()
    {
        var json = JsonSerializer.Deserialize<JsonElement>(Sample().ToCanonicalJson(CodeHash, DatasetHash));
        Assert.Equal("hexabase.result/v1", json.GetProperty("schema").GetString());
        Assert.Equal((CodeHash, DatasetHash), (json.GetProperty("code_hash").GetString(), json.GetProperty("dataset_hash").GetString()));
        Assert.Equal((0, EngineVersion.Current), (json.GetProperty("seed").GetInt64(), json.GetProperty("engine_version").GetString()));
    }

    [Fact]
    public void Tables_have_as_many_cells_as_columns()
    {
        var json = JsonSerializer.Deserialize<JsonElement>(Everything().ToCanonicalJson(CodeHash, DatasetHash));
        var resampling = json.GetProperty("monte_carlo");
        JsonElement[] tables =
        [
            .. new[] { "trades", "equity", "rejected_orders", "monthly_returns" }.Select(name => json.GetProperty(name)),
            resampling.GetProperty("equity_bands"), resampling.GetProperty("percentiles"),
        ];
        foreach (var table in tables)
        {
            var columns = table.GetProperty("columns").GetArrayLength();
            Assert.NotEqual(0, table.GetProperty("rows").GetArrayLength());
            Assert.All(table.GetProperty("rows").EnumerateArray(), row => Assert.Equal(columns, row.GetArrayLength()));
        }
    }

    [Fact]
    public void Numbers_without_a_meaning_are_null()
    {
        var result = Documents.Run(Documents.Strategy("close > 9"), Documents.Closes(1, 1, 1, 1));
        var metrics = JsonSerializer.Deserialize<JsonElement>(result.ToCanonicalJson(CodeHash, DatasetHash)).GetProperty("metrics");
        string[] meaningless =
        [
            "profit_factor", "win_rate", "expectancy", "avg_win", "avg_loss", "avg_trade_pct", "payoff_ratio", "sqn", "recovery_factor",
            "sharpe_daily_252", "sortino_daily_252", "calmar",
        ];
        foreach (var name in meaningless)
            Assert.Equal((name, JsonValueKind.Null), (name, metrics.GetProperty(name).ValueKind));
    }

    [Fact]
    public async Task The_same_inputs_give_the_same_bytes_on_every_thread()
    {
        var strategy = Strategy();
        var candles = Walk();
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Task.Run(() => Documents.Run(strategy, candles).ToCanonicalJson(CodeHash, DatasetHash))));
        Assert.All(runs, bytes => Assert.True(bytes.AsSpan().SequenceEqual(runs[0])));
    }

    private static BacktestResult Sample() => Documents.Run(Strategy(), Walk());

    /// <summary>A run with a row in every table, every reason for an exit or a rejection, and a month after everything was lost.</summary>
    private static BacktestResult Everything()
    {
        var result = Sample();
        return result with
        {
            Trades = [.. result.Trades.Zip(Enum.GetValues<ExitReason>(), (trade, reason) => trade with { ExitReason = reason, Swap = -0.25 })],
            Rejected = [new RejectedOrder(3, Rejection.Bracket), new RejectedOrder(4, Rejection.Margin)],
            RejectedCount = 2,
            BustBar = 17,
            BarsTouchingBoth = [5, 6],
            BarsTouchingBothCount = 2,
            MonthlyReturns = [.. result.MonthlyReturns, new MonthlyReturn(2018, 1, null)],
        };
    }

    private static void AssertSame<T>(T expected, JsonElement actual)
    {
        var members = JsonSerializer.SerializeToElement(expected, SnakeCase).EnumerateObject().ToList();
        Assert.Equal(members.Select(member => member.Name).Order(StringComparer.Ordinal), actual.EnumerateObject().Select(member => member.Name));
        Assert.All(members, member => Assert.Equal(
            (member.Name, member.Value.Deserialize<double?>()), (member.Name, actual.GetProperty(member.Name).Deserialize<double?>())));
    }

    private static StrategyDefinition Strategy() => Documents.Strategy(
        "close > sma(close, 3)", "close < sma(close, 3)",
        """
        {"stop_loss": {"type": "percent", "value": 0.2}, "take_profit": {"type": "percent", "value": 0.3},
         "costs": {"commission_rate": 0.00001}, "monte_carlo": {"resamples": 200}}
        """);

    private static Candles Walk()
    {
        var random = new Random(7);
        var price = 1.1;
        return Documents.Closes([.. Enumerable.Range(0, 3_000).Select(_ => price *= 1 + ((random.NextDouble() - 0.5) / 500))]);
    }
}

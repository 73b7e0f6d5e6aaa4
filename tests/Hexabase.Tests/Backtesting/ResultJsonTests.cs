using System.Text.Json;
using Hexabase.Backtesting;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Tests.Backtesting;

public sealed class ResultJsonTests
{
    private static readonly string CodeHash = new('a', 64);
    private static readonly string DatasetHash = new('b', 64);

    [Fact]
    public void The_stored_form_is_canonical_however_many_rows_there_are()
    {
        var bytes = Sample().ToCanonicalJson(CodeHash, DatasetHash);
        Assert.True(bytes.Length > 100_000);
        Assert.True(bytes.AsSpan().SequenceEqual(CanonicalJson.GetBytes(JsonSerializer.Deserialize<JsonElement>(bytes))));
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
        var json = JsonSerializer.Deserialize<JsonElement>(Sample().ToCanonicalJson(CodeHash, DatasetHash));
        foreach (var table in (string[])["trades", "equity", "rejected_orders"])
        {
            var columns = json.GetProperty(table).GetProperty("columns").GetArrayLength();
            Assert.All(json.GetProperty(table).GetProperty("rows").EnumerateArray(), row => Assert.Equal(columns, row.GetArrayLength()));
        }
    }

    [Fact]
    public void Numbers_without_a_meaning_are_null()
    {
        var result = Documents.Run(Documents.Strategy("close > 9"), Documents.Closes(1, 1, 1, 1));
        var metrics = JsonSerializer.Deserialize<JsonElement>(result.ToCanonicalJson(CodeHash, DatasetHash)).GetProperty("metrics");
        foreach (var name in (string[])["profit_factor", "win_rate", "expectancy", "avg_win", "avg_loss", "sharpe_daily_252"])
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

    private static StrategyDefinition Strategy() => Documents.Strategy(
        "close > sma(close, 3)", "close < sma(close, 3)",
        """
        {"stop_loss": {"type": "percent", "value": 0.2}, "take_profit": {"type": "percent", "value": 0.3},
         "costs": {"commission_rate": 0.00001}}
        """);

    private static Candles Walk()
    {
        var random = new Random(7);
        var price = 1.1;
        return Documents.Closes([.. Enumerable.Range(0, 3_000).Select(_ => price *= 1 + ((random.NextDouble() - 0.5) / 500))]);
    }
}

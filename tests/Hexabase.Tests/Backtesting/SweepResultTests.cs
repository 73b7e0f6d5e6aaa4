using System.Text.Json;
using Hexabase.Backtesting;
using Hexabase.Backtesting.Json;

namespace Hexabase.Tests.Backtesting;

public sealed class SweepResultTests
{
    private const string Pair = """{"parameters": {"fast": {"from": 0, "to": 3}, "slow": {"values": [4, 10]}}""";

    [Theory]
    [InlineData("none")]
    [InlineData("out_of_sample")]
    [InlineData("walk_forward")]
    public void The_result_is_canonical_JSON(string validation)
    {
        var bytes = Sweeps.Bytes(Sweeps.Run($$"""
            {{Pair}}, "constraints": {"min_trades": 10, "min_profit_factor": 1, "max_drawdown_pct": 50},
             "validation": {"type": "{{validation}}"} }
            """));
        Assert.Equal(CanonicalJson.GetBytes(JsonSerializer.Deserialize<JsonElement>(bytes)), bytes);
    }

    [Fact]
    public void It_says_what_it_was_computed_from()
    {
        var json = Sweeps.Json(Sweeps.Run(Pair + "}"));
        Assert.Equal("hexabase.sweep/v1", json.GetProperty("schema").GetString());
        Assert.Equal(EngineVersion.Current, json.GetProperty("engine_version").GetString());
        Assert.Equal((new string('a', 64), new string('b', 64)), (Text(json, "code_hash"), Text(json, "dataset_hash")));
        Assert.Equal((2_000, 8), (json.GetProperty("bars").GetInt32(), json.GetProperty("evaluations").GetInt32()));
        Assert.Equal("[\"fast\",\"slow\"]", json.GetProperty("parameters").GetRawText());
        Assert.Equal(
            "{\"constraints\":{},\"method\":{\"type\":\"grid\"},\"objective\":\"net_profit\"," +
                "\"parameters\":{\"fast\":{\"values\":[0,1,2,3]},\"slow\":{\"values\":[4,10]}},\"seed\":0,\"validation\":{\"type\":\"none\"}}",
            json.GetProperty("search").GetRawText());
    }

    [Fact]
    public void The_table_has_a_row_for_every_set()
    {
        var result = Sweeps.Run(Pair + "}");
        var table = Sweeps.Json(result).GetProperty("sets");
        Assert.Equal(
            "fast slow objective net_profit max_drawdown_pct profit_factor sharpe trades win_rate accepted valid",
            string.Join(' ', table.GetProperty("columns").EnumerateArray().Select(column => column.GetString())));
        var rows = table.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal("[0,4,null,null,null,null,null,null,null,false,false]", rows[0].GetRawText());
        Assert.Equal(result.Sets[5].On(part: 0).NetProfit, rows[5][3].GetDouble());
        Assert.Equal("[2,10]", $"[{rows[5][0].GetRawText()},{rows[5][1].GetRawText()}]");
    }

    [Fact]
    public void The_best_sets_are_named_by_their_rows()
    {
        var json = Sweeps.Json(Sweeps.Run(Pair + "}"));
        var rows = json.GetProperty("sets").GetProperty("rows");
        var objectives = json.GetProperty("best").EnumerateArray().Select(row => rows[row.GetInt32()][2].GetDouble()).ToList();
        Assert.Equal(6, objectives.Count);
        Assert.Equal(objectives.OrderDescending(), objectives);
    }

    [Fact]
    public void Sets_that_cannot_be_measured_are_listed_with_their_reason()
    {
        var json = Sweeps.Json(Sweeps.Run(Pair + "}"));
        Assert.Equal(2, json.GetProperty("invalid_count").GetInt32());
        Assert.Equal(
            "[0,\"entry.long col 24: the period of sma must be a whole number from 1 to 10000, not 0\"]",
            json.GetProperty("invalid").GetProperty("rows")[0].GetRawText());
    }

    [Fact]
    public void Reasons_are_listed_up_to_a_limit_and_counted_beyond()
    {
        var json = Sweeps.Json(Sweeps.Run(
            """{"parameters": {"fast": {"from": 0, "to": 1}, "slow": {"values": [4]}, "stop": {"from": 1, "to": 2, "step": 0.005}}}"""));
        var listed = json.GetProperty("invalid").GetProperty("rows").GetArrayLength();
        Assert.Equal((201, 100), (json.GetProperty("invalid_count").GetInt32(), listed));
    }

    [Fact]
    public void The_heat_map_has_the_objective_of_every_pair_of_values()
    {
        var result = Sweeps.Run(Pair + "}");
        var map = Assert.Single(Sweeps.Json(result).GetProperty("heat_maps").EnumerateArray());
        Assert.Equal("""{"parameter":"fast","values":[0,1,2,3]}""", map.GetProperty("x").GetRawText());
        Assert.Equal("""{"parameter":"slow","values":[4,10]}""", map.GetProperty("y").GetRawText());
        Assert.Equal(JsonValueKind.Null, map.GetProperty("cells")[1][0].ValueKind);
        Assert.Equal(result.Sets[5].On(part: 0).NetProfit, map.GetProperty("cells")[1][2].GetDouble());
    }

    [Fact]
    public void With_more_parameters_there_is_a_map_for_each_pair_with_the_best_of_the_others()
    {
        var result = Sweeps.Run(
            """{"parameters": {"fast": {"values": [2, 3]}, "slow": {"values": [4, 10]}, "stop": {"values": [0.1, 0.3, 1]}}}""");
        var maps = Sweeps.Json(result).GetProperty("heat_maps").EnumerateArray().ToList();
        Assert.Equal(
            ["fast/slow", "fast/stop", "slow/stop"],
            maps.Select(map => $"{Text(map.GetProperty("x"), "parameter")}/{Text(map.GetProperty("y"), "parameter")}"));
        var best = result.Sets.Where(set => set.Coordinates is [1, 0, _]).Max(set => set.On(part: 0).NetProfit);
        Assert.Equal(best, maps[0].GetProperty("cells")[0][1].GetDouble());
    }

    [Fact]
    public void One_parameter_makes_no_map() =>
        Assert.Equal(0, Sweeps.Json(Sweeps.Run("""{"parameters": {"fast": {"from": 1}}}""")).GetProperty("heat_maps").GetArrayLength());

    [Fact]
    public void A_map_too_large_to_be_read_is_made_coarser()
    {
        var result = Sweeps.Run(
            """
            {"parameters": {"fast": {"from": 1, "to": 20}, "stop": {"from": 0.1, "to": 0.7, "step": 0.001}},
             "method": {"type": "random", "samples": 200}}
            """);
        var map = Sweeps.Json(result).GetProperty("heat_maps")[0];
        Assert.Equal(20, map.GetProperty("x").GetProperty("values").GetArrayLength());
        Assert.Equal("[0.1,0.113,0.126", map.GetProperty("y").GetProperty("values").GetRawText()[..16]); // 601 values, 13 to a cell.
        var cells = map.GetProperty("cells").EnumerateArray().SelectMany(row => row.EnumerateArray());
        Assert.Equal(result.Best[0].Objective, cells.Where(cell => cell.ValueKind == JsonValueKind.Number).Max(cell => cell.GetDouble()));
    }

    [Fact]
    public void Validation_out_of_sample_has_a_row_for_every_set_and_the_rank_correlation()
    {
        var json = Sweeps.Json(Sweeps.Run(Pair + """, "validation": {"type": "out_of_sample"}}""")).GetProperty("validation");
        Assert.Equal(8, json.GetProperty("sets").GetProperty("rows").GetArrayLength());
        Assert.InRange(json.GetProperty("rank_correlation").GetDouble(), -1, 1);
        Assert.Equal((1_399, 1_400), (Bar(json, "in_sample", "last_bar"), Bar(json, "out_of_sample", "first_bar")));
    }

    [Fact]
    public void Walk_forward_has_each_window_with_its_choice()
    {
        var json = Sweeps.Json(Sweeps.Run(Pair + """, "validation": {"type": "walk_forward", "windows": 3}}""")).GetProperty("validation");
        var windows = json.GetProperty("windows").EnumerateArray().ToList();
        Assert.Equal(3, windows.Count);
        Assert.All(windows, window =>
        {
            Assert.Equal(["fast", "slow"], window.GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name));
            Assert.True(window.GetProperty("out_of_sample").GetProperty("figures").TryGetProperty("net_profit", out _));
        });
        Assert.Equal(1_999, Bar(windows[^1].GetProperty("out_of_sample"), "period", "last_bar"));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static int Bar(JsonElement json, string part, string name) => json.GetProperty(part).GetProperty(name).GetInt32();
}

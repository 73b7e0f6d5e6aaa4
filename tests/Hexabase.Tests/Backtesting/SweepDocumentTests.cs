using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Sweeps;

namespace Hexabase.Tests.Backtesting;

public sealed class SweepDocumentTests
{
    private const string Full = """
        {"parameters": {"slow": {"values": [30, 10, 20]}, "fast": {"from": 2, "to": 8, "step": 3}},
         "method": {"type": "random", "samples": 4}, "objective": "sharpe", "seed": 7,
         "constraints": {"min_trades": 20, "min_profit_factor": 1.1, "max_drawdown_pct": 25},
         "validation": {"type": "walk_forward", "windows": 4, "in_sample_share": 0.6}}
        """;

    [Fact]
    public void A_full_search_is_read_as_it_stands()
    {
        var sweep = Sweeps.Parse(Full);
        Assert.Equal(["fast", "slow"], sweep.Space.Axes.Select(axis => axis.Parameter));
        Assert.Equal([2, 5, 8], sweep.Space.Axes[0].Values);
        Assert.Equal([10, 20, 30], sweep.Space.Axes[1].Values);
        Assert.Equal(new SearchMethod.Draw(4), sweep.Method);
        Assert.Equal(("sharpe", 7), (sweep.Objective.Name, sweep.Seed));
        Assert.Equal(new Constraints(20, 1.1, 25), sweep.Constraints);
        Assert.Equal(new Validation.WalkForward(4, 0.6), sweep.Validation);
    }

    [Fact]
    public void What_is_left_out_has_defaults()
    {
        var sweep = Sweeps.Parse("""{"parameters": {"slow": {}}}""");
        Assert.Equal(Enumerable.Range(1, 20).Select(i => 2.0 * i), Assert.Single(sweep.Space.Axes).Values);
        Assert.Equal(new SearchMethod.Grid(), sweep.Method);
        Assert.Equal(("net_profit", 0), (sweep.Objective.Name, sweep.Seed));
        Assert.Equal(new Constraints(null, null, null), sweep.Constraints);
        Assert.Equal(new Validation.None(), sweep.Validation);
    }

    [Theory]
    [InlineData("""{"type": "out_of_sample"}""", 0.3)]
    [InlineData("""{"type": "walk_forward"}""", 0.7)]
    public void Validation_has_default_shares(string validation, double share)
    {
        var read = Sweeps.Parse($$"""{"parameters": {"fast": {} }, "validation": {{validation}} }""").Validation;
        Assert.Equal(share, read is Validation.OutOfSample one ? one.Share : Assert.IsType<Validation.WalkForward>(read).InSampleShare);
    }

    [Fact]
    public void Steps_of_a_range_are_the_decimal_numbers_that_are_meant() => Assert.Equal(
        [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
        Sweeps.Parse("""{"parameters": {"stop": {"to": 0.75, "step": 0.1}}}""").Space.Axes[0].Values);

    [Theory] // 3 × 4 sets
    [InlineData("none", 12)]
    [InlineData("out_of_sample", 24)] // Each in sample and out of sample.
    [InlineData("walk_forward", 77)] // Each on all candles and in 5 windows; the best of each window out of sample.
    public void Evaluations_count_every_backtest(string validation, int evaluations) => Assert.Equal(evaluations, Sweeps.Parse($$"""
        {"parameters": {"fast": {"values": [2, 3, 4]}, "slow": {"values": [10, 20, 30, 40]} }, "validation": {"type": "{{validation}}"} }
        """).Evaluations);

    [Fact]
    public void A_random_search_counts_its_samples() => Assert.Equal(
        100, Sweeps.Parse("""{"parameters": {"fast": {}, "slow": {}}, "method": {"type": "random", "samples": 100}}""").Evaluations);

    [Theory]
    [InlineData("[]", "expected an object")]
    [InlineData("{}", "parameters: is missing")]
    [InlineData("""{"parameters": 1}""", "parameters: expected an object")]
    [InlineData("""{"parameters": {}}""", "parameters: expected 1 to 8 of the strategy's parameters")]
    [InlineData("""{"parameters": {"quick": {}}}""", "parameters.quick: is unknown; known here are fast, slow, stop")]
    [InlineData("""{"parameters": {"fast": {"from": -1}}}""", "parameters.fast.from: expected a number from 0 to 20")]
    [InlineData("""{"parameters": {"fast": {"from": 9, "to": 8}}}""", "parameters.fast.from: is above to")]
    [InlineData("""{"parameters": {"fast": {"step": 0}}}""", "parameters.fast.step: is too small")]
    [InlineData("""{"parameters": {"fast": {"step": 0.5}}}""", "parameters.fast: 0.5 is not a whole number")]
    [InlineData("""{"parameters": {"slow": {"from": 3}}}""", "parameters.slow: 3 is not a whole number of steps of 2 above 2")]
    [InlineData("""{"parameters": {"stop": {}}}""", "parameters.stop.step: is missing: the parameter declares none")]
    [InlineData("""{"parameters": {"stop": {"step": 0.0001}}}""", "parameters.stop.step: gives more than 10000 values")]
    [InlineData("""{"parameters": {"fast": {"values": [21]}}}""", "parameters.fast: 21 is not between 0 and 20")]
    [InlineData("""{"parameters": {"fast": {"values": [2, 3, 2]}}}""", "parameters.fast.values: a value is there twice")]
    [InlineData("""{"parameters": {"fast": {"values": []}}}""", "parameters.fast.values: expected a list of 1 to 10000 numbers")]
    [InlineData("""{"parameters": {"fast": {"values": ["2"]}}}""", "parameters.fast.values: expected numbers only")]
    [InlineData("""{"parameters": {"fast": {"values": [2], "to": 3}}}""", "parameters.fast.to: is unknown; known here are values")]
    [InlineData("""{"parameters": {"fast": {}}, "method": {"type": "genetic"}}""", "method.type: expected grid or random")]
    [InlineData("""{"parameters": {"fast": {}}, "method": {"type": "random"}}""", "method.samples: is missing")]
    [InlineData(
        """{"parameters": {"fast": {}}, "method": {"type": "random", "samples": 22}}""",
        "method.samples: there are only 21 combinations: use the method grid")]
    [InlineData("""{"parameters": {"fast": {}}, "constraints": {"min_trades": 1.5}}""", "constraints.min_trades: expected a whole number")]
    [InlineData(
        """{"parameters": {"fast": {}}, "validation": {"type": "walk_forward", "windows": 1}}""",
        "validation.windows: expected a number from 2 to 50")]
    [InlineData(
        """{"parameters": {"fast": {}}, "validation": {"type": "out_of_sample", "share": 0.95}}""",
        "validation.share: expected a number from 0.1 to 0.9")]
    [InlineData("""{"parameters": {"fast": {}}, "seed": -1}""", "seed: expected a number from 0 to 9007199254740991")]
    [InlineData(
        """{"parameters": {"fast": {}}, "sort": 1}""",
        "sort: is unknown; known here are constraints, method, objective, parameters, seed, validation")]
    [InlineData(
        """{"parameters": {"fast": {}, "slow": {}, "stop": {"step": 0.01}}}""",
        "parameters: 80220 combinations take 80220 backtests, at most 10000 are allowed")]
    public void What_is_wrong_is_named_with_its_place(string search, string error) => Assert.Equal([error], Sweeps.Errors(search));

    [Fact]
    public void An_unknown_objective_is_told_the_known_ones() => Assert.Equal(
        ["objective: expected one of net_profit, cagr_pct, profit_factor, expectancy, win_rate, sharpe, sortino, calmar, sqn, " +
            "recovery_factor, max_drawdown_pct"],
        Sweeps.Errors("""{"parameters": {"fast": {}}, "objective": "luck"}"""));

    [Theory]
    [InlineData("trades")]
    [InlineData("objective")]
    [InlineData("valid")]
    public void A_parameter_named_like_a_column_of_the_result_is_not_swept(string name)
    {
        var strategy = Documents.Strategy(
            "close > n", more: $$"""
                {"parameters": {"{{name}}": {"default": 1, "min": 1, "max": 9, "step": 1}, "n": {"default": 1, "min": 1, "max": 9} } }
                """);
        Assert.Equal(
            [$"parameters.{name}: results have a column of this name: call the parameter something else to sweep it"],
            Sweeps.Errors($$"""{"parameters": {"{{name}}": {} } }""", strategy));
        Assert.Empty(Sweeps.Errors("""{"parameters": {"n": {"values": [1, 2]}}}""", strategy));
    }

    [Fact]
    public void All_errors_are_found_at_once() => Assert.Equal(
        ["parameters.fast.from: is above to", "method.type: expected grid or random", "seed: expected a whole number"],
        Sweeps.Errors("""{"parameters": {"fast": {"from": 9, "to": 8}}, "method": {"type": "?"}, "seed": 1.5}"""));

    [Fact]
    public void Without_declared_parameters_there_is_nothing_to_search() => Assert.Equal(
        ["parameters: expected 1 to 8 of the strategy's parameters"],
        Sweeps.Errors("""{"parameters": {}}""", Documents.Strategy("close > 1")));

    [Fact]
    public void A_search_that_went_through_a_result_is_the_same_search()
    {
        var search = Sweeps.Json(Sweeps.Run(Full)).GetProperty("search");
        var again = Sweeps.Json(Sweeps.Run(search.GetRawText())).GetProperty("search");
        Assert.Equal(CanonicalJson.GetBytes(search), CanonicalJson.GetBytes(again));
    }

    [Fact]
    public void Whatever_is_asked_the_answer_is_a_search_or_errors()
    {
        string[] pieces =
            ["{", "}", "[", "]", ":", ",", "\"fast\"", "\"values\"", "\"parameters\"", "1e300", "-1", "0.1", "null", "\"\\ud800\""];
        var text = Gen.Choose(0, Full.Length).SelectMany(
            at => Gen.Elements(pieces).Select(piece => Full[..at] + piece + Full[Math.Min(Full.Length, at + piece.Length)..]));
        Prop.ForAll(text.ToArbitrary(), mutated =>
        {
            if (TryRead(mutated) is not { } search)
                return true;
            var parse = SweepDefinition.Parse(search, Sweeps.Cross());
            return parse.Succeeded(out var sweep)
                ? sweep.Evaluations is > 0 and <= SweepLimits.Evaluations && sweep.Method.Choose(sweep.Space, sweep.Seed).Count > 0
                : parse.Errors.Count > 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Theory]
    [InlineData("""{"from": 1e-300, "to": 1e-299, "step": 1e-300}""", 0)] // Refused.
    [InlineData("""{"from": -1e12, "to": 1e12, "step": 1e12}""", 3)]
    [InlineData("""{"values": [1e-300, 1e-299, -1e12]}""", 3)]
    [InlineData("""{"values": [1e300]}""", 0)]
    public void Numbers_at_the_ends_of_the_scale_do_no_harm(string axis, int values)
    {
        var strategy = Documents.Strategy(
            "close > level", more: """{"parameters": {"level": {"default": 0, "min": -1e12, "max": 1e12, "step": 1e-300}}}""");
        var parse = SweepDefinition.Parse(
            JsonSerializer.Deserialize<JsonElement>($$"""{"parameters": {"level": {{axis}} } }"""), strategy);
        Assert.Equal(values, parse.Succeeded(out var sweep) ? sweep.Space.Axes[0].Values.Count : 0);
    }

    private static JsonElement? TryRead(string text)
    {
        try
        {
            return JsonDocument.Parse(Encoding.UTF8.GetBytes(text)).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

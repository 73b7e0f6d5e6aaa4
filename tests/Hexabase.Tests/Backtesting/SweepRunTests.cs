using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Backtesting.Sweeps.Measurement;

namespace Hexabase.Tests.Backtesting;

public sealed class SweepRunTests
{
    private const string Grid = """
        {"parameters": {"fast": {"from": 1, "to": 6}, "slow": {"from": 4, "to": 20}, "stop": {"values": [0.1, 0.5]}}}
        """;

    [Fact]
    public void Every_set_has_the_metrics_of_the_backtest_with_these_parameters()
    {
        var candles = Sweeps.Walk();
        var result = Sweeps.Run(Grid, candles);
        Assert.Equal(6 * 9 * 2, result.Sets.Count);
        Assert.All(result.Sets, set => Assert.Equal(Sweeps.Alone(result.Sweep.Space.Named(set.Coordinates), candles), set.On(part: 0)));
    }

    [Fact]
    public void Whatever_its_rules_read_a_set_is_measured_as_if_alone()
    {
        var candles = Sweeps.Walk();
        var result = Sweeps.Run(
            """{"parameters": {"fast": {"values": [3, 5]}, "slow": {"values": [8, 12, 20]}}}""", candles, Sweeps.Rich(fast: 3, slow: 8));
        Assert.All(result.Sets, set =>
        {
            var named = result.Sweep.Space.Named(set.Coordinates);
            var alone = Documents.Run(Sweeps.Rich(named["fast"], named["slow"]), candles).Metrics;
            Assert.True(alone.Trades > 10);
            Assert.Equal(alone, set.On(part: 0));
        });
    }

    [Theory]
    [InlineData("none")]
    [InlineData("out_of_sample")]
    [InlineData("walk_forward")]
    public void The_result_does_not_depend_on_the_number_of_threads(string validation)
    {
        var search = $$"""
            {"parameters": {"fast": {}, "slow": {"from": 4, "to": 20} }, "constraints": {"min_trades": 5},
             "validation": {"type": "{{validation}}"} }
            """;
        var alone = Sweeps.Bytes(Sweeps.Run(search, threads: 1));
        Assert.Equal(alone, Sweeps.Bytes(Sweeps.Run(search, threads: 4)));
        Assert.Equal(alone, Sweeps.Bytes(Sweeps.Run(search, threads: 4)));
    }

    [Theory]
    [InlineData(0)] // No set fits: each is measured by itself.
    [InlineData(60_000)] // Two or three indicators of 2,000 candles at a time.
    [InlineData(200_000)]
    public void The_result_does_not_depend_on_the_memory_there_is(long budgetBytes)
    {
        var (strategy, candles, sweep) = (Sweeps.Cross(), Sweeps.Walk(), Sweeps.Parse(Grid));
        var outcome = Sweep.Run(strategy, candles, sweep, threads: 2, budgetBytes, _ => { }, CancellationToken.None);
        Assert.Equal(Sweeps.Bytes(Sweeps.Run(Grid, candles)), Sweeps.Bytes(Assert.IsType<SweepOutcome.Completed>(outcome).Result));
    }

    [Theory] // A column of so many candles takes 128 MB.
    [InlineData("close > ema(close, 2)", false)]
    [InlineData("ema(close, 2) > ema(close, 3)", true)]
    public void A_set_that_alone_needs_more_than_the_memory_there_is_is_too_large(string entry, bool isTooLarge)
    {
        const int bars = 10_000_000;
        var strategy = Documents.Strategy(entry);
        var set = BoundSet.Of(new Candidate(0, [], []), strategy.Rules, strategy.Plan.Steps);
        Assert.Equal(isTooLarge, set.IsTooLargeFor(bars, strategy.Plan.Steps));
        Assert.False(strategy.Plan.IsTooLargeFor(bars));
    }

    [Fact]
    public void Sets_that_cannot_be_measured_are_told_apart_from_the_others()
    {
        var result = Sweeps.Run("""{"parameters": {"fast": {"from": 0, "to": 2}}}""");
        Assert.Equal("entry.long col 24: the period of sma must be a whole number from 1 to 10000, not 0", result.Sets[0].Refusal);
        Assert.All(result.Sets.Skip(1), set => Assert.Null(set.Refusal));
    }

    [Fact]
    public void A_set_that_warms_up_longer_than_there_are_candles_cannot_be_measured()
    {
        var result = Sweeps.Run("""{"parameters": {"slow": {"values": [4, 40]}}}""", Sweeps.Walk(bars: 30));
        Assert.Null(result.Sets[0].Refusal);
        Assert.Equal("needs at least 42 candles before the first part ends", result.Sets[1].Refusal);
    }

    [Fact]
    public void A_search_without_any_valid_set_fails_with_the_reason()
    {
        var failed = Assert.IsType<SweepOutcome.Failed>(Sweeps.Outcome("""{"parameters": {"fast": {"values": [0]}}}"""));
        Assert.Equal("NO_VALID_SET", failed.Code);
        Assert.Contains("the period of sma must be a whole number from 1 to 10000, not 0", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Candles_that_lack_what_the_costs_need_fail_as_they_do_in_a_run()
    {
        var strategy = Documents.Strategy(
            "close > 1", more: """{"parameters": {"unused": {"default": 0, "min": 0, "max": 1}}, "costs": {"spread_from_data": true}}""");
        var outcome = Sweeps.Outcome("""{"parameters": {"unused": {"values": [0, 1]}}}""", strategy: strategy);
        Assert.Equal("NO_SPREAD", Assert.IsType<SweepOutcome.Failed>(outcome).Code);
    }

    [Fact]
    public void Candles_that_are_too_fine_for_the_session_fail_as_they_do_in_a_run()
    {
        var strategy = Documents.Strategy(
            "close > 1",
            more: """
                {"timeframe": "H4", "parameters": {"unused": {"default": 0, "min": 0, "max": 1}}, "session": {"from": "07:00"}}
                """);
        var outcome = Sweeps.Outcome("""{"parameters": {"unused": {"values": [0, 1]}}}""", strategy: strategy);
        Assert.Equal("TIMEFRAME_MISMATCH", Assert.IsType<SweepOutcome.Failed>(outcome).Code);
    }

    [Theory]
    [InlineData("none", 1)]
    [InlineData("out_of_sample", 6)]
    [InlineData("walk_forward", 14)]
    public void Candles_that_cannot_be_divided_are_too_few(string validation, int bars) => Assert.Equal(
        "TOO_FEW_CANDLES",
        Assert.IsType<SweepOutcome.Failed>(Sweeps.Outcome(
            $$"""{"parameters": {"fast": {} }, "validation": {"type": "{{validation}}"} }""", Sweeps.Walk(bars))).Code);

    [Theory]
    [InlineData("none", 0)]
    [InlineData("out_of_sample", 0)]
    [InlineData("walk_forward", 0)]
    [InlineData("walk_forward", 100_000)] // No window has a best set, so nothing is measured out of sample.
    public void Progress_rises_to_the_number_of_evaluations(string validation, int minTrades)
    {
        var (strategy, told) = (Sweeps.Cross(), new List<int>());
        var sweep = Sweeps.Parse($$"""
            {"parameters": {"fast": {}, "slow": {} }, "constraints": {"min_trades": {{minTrades}} },
             "validation": {"type": "{{validation}}"} }
            """);
        Sweep.Run(strategy, Sweeps.Walk(bars: 500), sweep, threads: 4, told.Add, CancellationToken.None);
        Assert.Equal(told.Order(), told);
        Assert.Equal(sweep.Evaluations, told[^1]);
    }

    [Fact]
    public void A_search_can_be_cancelled_while_it_runs()
    {
        using var cancel = new CancellationTokenSource();
        var (strategy, done) = (Sweeps.Cross(), 0);
        var sweep = Sweeps.Parse("""{"parameters": {"fast": {}, "slow": {}}}""");
        Assert.ThrowsAny<OperationCanceledException>(() => Sweep.Run(
            strategy, Sweeps.Walk(), sweep, threads: 2, count =>
            {
                done = count;
                if (count >= 30)
                    cancel.Cancel();
            }, cancel.Token));
        Assert.InRange(done, 30, 40);
    }

    [Fact]
    public void A_search_takes_at_least_one_thread() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sweeps.Outcome(Grid, threads: 0));

    [Fact]
    public void The_sets_that_are_best_by_the_objective_come_first()
    {
        var result = Sweeps.Run(Grid);
        var profits = result.Sets.Select(set => set.On(part: 0).NetProfit).OrderDescending().Take(SweepLimits.Best);
        Assert.Equal(profits, result.Best.Select(best => best.Metrics.NetProfit));
        Assert.Equal(profits.Cast<double?>(), result.Best.Select(best => best.Objective));
    }

    [Fact]
    public void The_smallest_drawdown_is_the_best_one()
    {
        var result = Sweeps.Run("""{"parameters": {"fast": {"from": 1}}, "objective": "max_drawdown_pct"}""");
        Assert.Equal(result.Sets.Min(set => set.On(part: 0).MaxDrawdownPct), result.Best[0].Objective);
    }

    [Fact]
    public void Sets_that_are_equally_good_keep_the_order_of_the_grid()
    {
        var strategy = Documents.Strategy(
            "close > level", more: """{"parameters": {"level": {"default": 0, "min": 0, "max": 0.5, "step": 0.1}}}""");
        var result = Sweeps.Run("""{"parameters": {"level": {}}}""", strategy: strategy);
        Assert.Equal([0, 0.1, 0.2, 0.3, 0.4, 0.5], result.Best.Select(best => best.Parameters["level"]));
    }

    [Fact]
    public void Only_sets_that_meet_the_constraints_are_among_the_best()
    {
        var free = Sweeps.Run(Grid);
        var median = free.Sets.Select(set => set.On(part: 0).Trades).Order().ElementAt(free.Sets.Count / 2);
        var bound = Sweeps.Run($$"""{"constraints": {"min_trades": {{median}} }, {{Grid[1..]}}""");
        Assert.NotEqual(free.Best.Select(best => best.Objective), bound.Best.Select(best => best.Objective));
        Assert.All(bound.Best, best => Assert.InRange(best.Metrics.Trades, median, Backtest.MostTrades));
    }

    [Fact]
    public void When_no_set_meets_the_constraints_there_is_no_best_one() =>
        Assert.Empty(Sweeps.Run("""{"parameters": {"fast": {"from": 1}}, "constraints": {"min_trades": 250000}}""").Best);
}

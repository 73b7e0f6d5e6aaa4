using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.MonteCarlo;
using Hexabase.Backtesting.Simulation;

namespace Hexabase.Tests.Backtesting;

public sealed class MonteCarloTests
{
    [Theory] // Of 1, 2 … 10: the ranks 1, 3, 5, 8 and 10, and never a number between two.
    [InlineData(5, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(25, 3)]
    [InlineData(50, 5)]
    [InlineData(75, 8)]
    [InlineData(95, 10)]
    [InlineData(100, 10)]
    public void A_percentile_is_the_number_of_the_nearest_rank(int percent, double expected) =>
        Assert.Equal(expected, Percentile.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], percent));

    [Fact]
    public void At_least_the_percentage_of_the_numbers_does_not_exceed_the_percentile_and_no_smaller_number_will_do() =>
        Prop.ForAll(Profits, Gen.Choose(1, 100).ToArbitrary(), (numbers, percent) =>
        {
            Array.Sort(numbers);
            var percentile = Percentile.Of(numbers, percent);
            return 100 * numbers.Count(number => number <= percentile) >= percent * numbers.Length
                && 100 * numbers.Count(number => number < percentile) < percent * numbers.Length;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void One_trade_can_only_come_again()
    {
        var result = Run([-30], cash: 100, resamples: 200);
        Assert.Equal([new EquityBand(1, 70, 70, 70)], result.EquityBands);
        Assert.All(result.Percentiles, at => Assert.Equal((70, 30), (at.FinalEquity, Math.Round(at.MaxDrawdownPct, 9))));
        Assert.Equal((1, 0), (result.ProbabilityOfLoss, result.ProbabilityOfRuin));
    }

    [Fact] // Two draws of +10 or -10: 80, 100, 100 or 120. The tolerance is five standard deviations.
    public void Trades_are_drawn_with_replacement_and_equally_likely()
    {
        var result = Run([10, -10], cash: 100, resamples: 10_000);
        Assert.Equal((80, 100, 120), (result.Percentiles[0].FinalEquity, result.Percentiles[2].FinalEquity, result.Percentiles[4].FinalEquity));
        Assert.Equal(0.25, result.ProbabilityOfLoss, 0.022);
    }

    [Theory]
    [InlineData(-50, 1)]
    [InlineData(-49, 0)]
    public void Ruin_is_half_of_the_cash(double profit, double probability) =>
        Assert.Equal(probability, Run([profit], cash: 100, resamples: 100).ProbabilityOfRuin);

    [Fact] // Of the four paths, the two that begin with -50 are ruin, and only the one of twice -50 is a loss in the end.
    public void Ruin_counts_at_any_time_of_the_path_and_loss_at_its_end()
    {
        var result = Run([-50, 60], cash: 100, resamples: 10_000);
        Assert.Equal(0.5, result.ProbabilityOfRuin, 0.025);
        Assert.Equal(0.25, result.ProbabilityOfLoss, 0.022);
    }

    [Fact] // Half of the paths begin with -150, and +400 would have saved some of these.
    public void An_account_with_nothing_left_stays_empty()
    {
        var result = Run([-150, 400], cash: 100, resamples: 10_000);
        Assert.Equal((0, 100), (result.Percentiles[0].FinalEquity, result.Percentiles[^1].MaxDrawdownPct));
        Assert.Equal(0.5, result.ProbabilityOfRuin, 0.025);
        Assert.Equal(result.ProbabilityOfRuin, result.ProbabilityOfLoss);
    }

    [Fact]
    public void The_drawdown_is_seen_after_each_trade_from_the_peak_so_far() =>
        Assert.Equal(100 * (1 - (81 / 100.0)), Run([-19], cash: 100, resamples: 100).Percentiles[2].MaxDrawdownPct, 1e-12);

    [Fact]
    public void Percentiles_and_bands_are_ordered_and_end_together() => Prop.ForAll(Profits, profits =>
    {
        var result = Run(profits, cash: 100, resamples: 100);
        var finals = result.Percentiles.Select(at => at.FinalEquity).ToList();
        var falls = result.Percentiles.Select(at => at.MaxDrawdownPct).ToList();
        return result.Percentiles.Select(at => at.Percent).SequenceEqual([5, 25, 50, 75, 95])
            && finals.SequenceEqual(finals.Order()) && falls.SequenceEqual(falls.Order()) && falls.All(fall => fall is >= 0 and <= 100)
            && result.EquityBands.All(band => band.P5 <= band.P50 && band.P50 <= band.P95 && band.P5 >= 0)
            && result.EquityBands[^1] == new EquityBand(profits.Length, finals[0], finals[2], finals[4]);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 50)]
    [InlineData(51, 50)]
    [InlineData(1_000, 50)]
    public void There_are_at_most_fifty_bands_spread_over_the_trades(int trades, int bands)
    {
        var numbers = Run([.. Enumerable.Repeat(1.0, trades)], cash: 100, resamples: 100).EquityBands.Select(band => band.Trade).ToList();
        Assert.Equal(bands, numbers.Count);
        Assert.Equal(trades, numbers[^1]);
        Assert.Equal(numbers.Distinct().Order(), numbers);
    }

    [Fact]
    public void The_seed_alone_decides_the_draw() => Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt>(), seed =>
    {
        double[] profits = [7, -4, 12, -9, 3, 5, -11];
        var once = TradeBootstrap.Run(profits, 100, 100, seed.Get, CancellationToken.None);
        var again = TradeBootstrap.Run(profits, 100, 100, seed.Get, CancellationToken.None);
        var other = TradeBootstrap.Run(profits, 100, 100, seed.Get + 1L, CancellationToken.None);
        return once.EquityBands.SequenceEqual(again.EquityBands) && !once.EquityBands.SequenceEqual(other.EquityBands);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void So_many_trades_that_the_work_would_be_too_much_are_resampled_less_often_and_that_is_said()
    {
        var result = Run([.. Enumerable.Repeat(1.0, 250_000)], cash: 100, resamples: 10_000);
        Assert.Equal((200, 10_000), (result.Resamples, result.ResamplesRequested));
    }

    [Fact]
    public void A_cancelled_resampling_stops() => Assert.Throws<OperationCanceledException>(() =>
        TradeBootstrap.Run([1], 100, 100, 0, new CancellationToken(canceled: true)));

    [Fact]
    public void A_run_is_resampled_as_often_as_its_document_says()
    {
        var result = Resampled("""{"monte_carlo": {"resamples": 300}}""", 2, 1, 3, 4);
        Assert.Equal((300, 300), (result!.Resamples, result.ResamplesRequested));
        Assert.Equal(100_000 + 10_000, result.Percentiles[2].FinalEquity);
    }

    [Fact]
    public void A_run_without_trades_has_nothing_to_resample() =>
        Assert.Null(Resampled("""{"monte_carlo": {"resamples": 300}}""", 2, 2, 2, 2));

    [Fact]
    public void A_run_whose_document_does_not_ask_is_not_resampled() => Assert.Null(Resampled("{}", 2, 1, 3, 4));

    [Theory]
    [InlineData("""{"resamples": 99}""", "monte_carlo.resamples: expected a number from 100 to 10000")]
    [InlineData("""{"resamples": 10001}""", "monte_carlo.resamples: expected a number from 100 to 10000")]
    [InlineData("""{"resamples": 100.5}""", "monte_carlo.resamples: expected a whole number")]
    [InlineData("{}", "monte_carlo.resamples: is missing")]
    [InlineData("[]", "monte_carlo: expected an object")]
    [InlineData("""{"resamples": 100, "paths": 1}""", "monte_carlo.paths: is unknown; known here are resamples")]
    public void A_wrong_section_is_told_with_its_place(string section, string error) =>
        Assert.Equal([error], Documents.Errors(Documents.Of("close > 1", null, $$"""{"monte_carlo": {{section}}}""")));

    private static Arbitrary<double[]> Profits => Gen.Choose(-60, 70).Select(profit => (double)profit).NonEmptyListOf()
        .Select(profits => profits.ToArray()).ToArbitrary();

    private static MonteCarloResult Run(double[] profits, double cash, int resamples) =>
        TradeBootstrap.Run(profits, cash, resamples, seed: 1, CancellationToken.None);

    /// <summary>Buys 10,000 after a close of 1 and sells at the last.</summary>
    private static MonteCarloResult? Resampled(string more, params double[] closes) => Assert.IsType<BacktestOutcome.Completed>(
        Backtest.Run(Documents.Strategy("close == 1", null, more), Documents.Closes(closes), 7, CancellationToken.None)).Result.MonteCarlo;
}

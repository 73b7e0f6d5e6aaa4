using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Backtesting.Sweeps.Results;

namespace Hexabase.Tests.Backtesting;

public sealed class SweepValidationTests
{
    private const string Parameters = "\"parameters\": {\"fast\": {\"from\": 2, \"to\": 9}, \"slow\": {\"values\": [10, 20, 30]}}";
    private const string OutOfSample = $$"""{ {{Parameters}}, "validation": {"type": "out_of_sample", "share": 0.25} }""";
    private const string WalkForward =
        $$"""{ {{Parameters}}, "validation": {"type": "walk_forward", "windows": 4, "in_sample_share": 0.6} }""";

    [Fact]
    public void The_last_share_of_the_candles_is_out_of_sample() => Assert.Equal(
        [new Fold(new BarRange(0, 75), new BarRange(75, 101))], new Validation.OutOfSample(0.26).Folds(101));

    [Fact]
    public void Windows_roll_and_their_last_parts_reach_the_last_candle() => Assert.Equal(
        [
            new Fold(new BarRange(0, 40), new BarRange(40, 60)),
            new Fold(new BarRange(20, 60), new BarRange(60, 80)),
            new Fold(new BarRange(40, 80), new BarRange(80, 100)),
        ],
        new Validation.WalkForward(3, 2.0 / 3).Folds(100));

    [Fact]
    public void Whatever_the_windows_each_checks_what_comes_after_its_choice_and_none_overlap()
    {
        var cases = from bars in Gen.Choose(200, 100_000)
                    from windows in Gen.Choose(SweepLimits.MinWindows, SweepLimits.MaxWindows)
                    from percent in Gen.Choose(10, 90)
                    select (bars, windows, share: percent / 100.0);
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var folds = new Validation.WalkForward(one.windows, one.share).Folds(one.bars);
            return folds.Count == one.windows
                && IsOfShare(folds[0], one.share)
                && folds[0].InSample.From >= 0
                && folds[0].InSample.From <= one.windows + (one.share / (1 - one.share)) + 1
                && folds[^1].OutOfSample.Until == one.bars
                && folds.All(fold => fold.InSample.Until == fold.OutOfSample.From && fold.InSample.Count == folds[0].InSample.Count)
                && folds.Zip(folds.Skip(1)).All(pair => pair.First.OutOfSample.Until == pair.Second.OutOfSample.From);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Sets_are_compared_in_sample_and_measured_out_of_sample_too()
    {
        var candles = Sweeps.Walk();
        var result = Sweeps.Run(OutOfSample, candles);
        Assert.All(result.Sets, set =>
        {
            var named = result.Sweep.Space.Named(set.Coordinates);
            Assert.Equal(Measure(named, candles, new BarRange(0, 1_500)), set.On(part: 0));
            Assert.Equal(Measure(named, candles, new BarRange(1_500, 2_000)), set.On(part: 1));
        });
        Assert.Equal(result.Sets.Max(set => set.On(part: 0).NetProfit), result.Best[0].Objective);
    }

    [Fact]
    public void What_is_out_of_sample_has_no_part_in_the_choice()
    {
        var candles = Sweeps.Walk();
        double[] closes = candles.Close.ToArray(), other = [.. closes[..1_500], .. closes[1_500..].Select(price => 3 - price)];
        var (one, two) = (Sweeps.Run(OutOfSample, Documents.Closes(closes)), Sweeps.Run(OutOfSample, Documents.Closes(other)));
        Assert.Equal(one.Best.Select(best => best.Metrics), two.Best.Select(best => best.Metrics));
        Assert.NotEqual(one.Sets.Select(set => set.On(part: 1)), two.Sets.Select(set => set.On(part: 1)));
    }

    [Fact]
    public void Each_window_takes_its_best_set_in_sample_to_the_candles_that_follow()
    {
        var candles = Sweeps.Walk();
        var result = Sweeps.Run(WalkForward, candles);
        var report = Assert.IsType<WalkForwardReport>(result.Validation);
        var folds = result.Sweep.Validation.Folds(candles.Count);
        Assert.Equal(4, report.Windows.Count);
        for (var i = 0; i < folds.Count; i++)
        {
            var sets = result.Sets.Select(set => result.Sweep.Space.Named(set.Coordinates)).ToList();
            var best = sets.MaxBy(set => Measure(set, candles, folds[i].InSample).NetProfit)!;
            Assert.Equal(best, result.Sweep.Space.Named(report.Windows[i].Chosen!.Coordinates));
            Assert.Equal(Measure(best, candles, folds[i].InSample), report.Windows[i].Before);
            Assert.Equal(Measure(best, candles, folds[i].OutOfSample), report.Windows[i].After);
        }
    }

    [Fact]
    public void The_windows_out_of_sample_add_up()
    {
        var report = Assert.IsType<WalkForwardReport>(Sweeps.Run(WalkForward).Validation);
        var after = report.Windows.Select(window => window.After!).ToList();
        Assert.Equal(after.Sum(metrics => metrics.Trades), report.OutOfSample.Trades);
        Assert.Equal(after.Sum(metrics => metrics.NetProfit), report.OutOfSample.NetProfit, 1e-9);
        Assert.Equal(report.Windows.Sum(window => window.OutOfSample.Bars.Count), report.OutOfSample.Bars);
        Assert.Equal(after.Max(metrics => metrics.MaxDrawdownPct), report.OutOfSample.MaxDrawdownPct);
        var (profit, loss) = (after.Sum(metrics => metrics.GrossProfit), after.Sum(metrics => metrics.GrossLoss));
        Assert.Equal(profit / loss, report.OutOfSample.ProfitFactor!.Value, 1e-9);
    }

    [Fact]
    public void Efficiency_is_the_profit_a_bar_out_of_sample_over_that_in_sample()
    {
        var report = Assert.IsType<WalkForwardReport>(Sweeps.Run(WalkForward).Validation);
        var window = report.Windows[0];
        var before = window.Before!.NetProfit / window.InSample.Bars.Count;
        var after = window.After!.NetProfit / window.OutOfSample.Bars.Count;
        Assert.True(before > 0);
        Assert.Equal(after / before, window.Efficiency!.Value, 1e-12);
    }

    [Fact]
    public void A_window_in_which_no_set_meets_the_constraints_chooses_none()
    {
        var report = Assert.IsType<WalkForwardReport>(
            Sweeps.Run(WalkForward.Replace("{ ", "{\"constraints\": {\"min_trades\": 250000}, ", StringComparison.Ordinal)).Validation);
        Assert.All(report.Windows, window => Assert.Equal((null, null, null), (window.Chosen, window.Before, window.After)));
        Assert.Null(report.Efficiency);
        Assert.Equal((0, 0), (report.OutOfSample.Trades, report.OutOfSample.NetProfit));
    }

    [Theory] // By hand; the third has the ranks 0.5, 0.5, 2 and 0, 1, 2: (1.5 / (√1.5 · √2)).
    [InlineData(new[] { 1.0, 2, 3 }, new[] { 10.0, 11, 99 }, 1.0)]
    [InlineData(new[] { 1.0, 2, 3 }, new[] { 3.0, 2, 1 }, -1.0)]
    [InlineData(new[] { 1.0, 1, 3 }, new[] { 1.0, 2, 3 }, 0.8660254037844387)]
    [InlineData(new[] { 1.0, 1, 1 }, new[] { 1.0, 2, 3 }, null)]
    [InlineData(new double[0], new double[0], null)]
    public void Rank_correlation_tells_whether_two_rankings_agree(double[] left, double[] right, double? expected)
    {
        var correlation = Ranking.Correlation(left, right);
        Assert.Equal(expected is null, correlation is null);
        Assert.Equal(expected ?? 0, correlation ?? 0, 1e-12);
    }

    private static bool IsOfShare(Fold fold, double share) =>
        Math.Abs(fold.InSample.Count - (share * (fold.InSample.Count + fold.OutOfSample.Count))) <= 1;

    private static BacktestMetrics Measure(IReadOnlyDictionary<string, double> set, Candles candles, BarRange bars)
    {
        var strategy = Sweeps.Cross(set["fast"], set["slow"]);
        using var columns = Columns.Evaluate(strategy.Plan, candles, CancellationToken.None);
        return Backtest.Measure(strategy.Rules, strategy.Account, candles, columns, bars, seed: 0, CancellationToken.None)!;
    }
}

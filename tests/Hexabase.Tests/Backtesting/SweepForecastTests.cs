using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps;

namespace Hexabase.Tests.Backtesting;

/// <summary>What is known of a search before anything is computed.</summary>
public sealed class SweepForecastTests
{
    private const int Simulation = SweepLimits.SimulationWork;

    /// <summary>Columns beside the indicator: three prices, three steps to their mean, the comparison and the condition.</summary>
    private const int Around = 8;

    [Fact]
    public void The_work_of_a_set_is_that_of_its_columns_and_its_simulation() => Assert.Equal(
        (Around + 7 + Simulation) + (Around + 9 + Simulation), Of("""{"parameters": {"period": {"values": [7, 9]}}}""").WorkPerBar);

    [Fact]
    public void An_indicator_that_goes_through_its_whole_window_at_every_bar_counts_for_its_length()
    {
        var brief = Of("""{"parameters": {"period": {"values": [10]}}}""");
        var wide = Of("""{"parameters": {"period": {"values": [900]}}}""");
        Assert.Equal(890, wide.WorkPerBar - brief.WorkPerBar);
    }

    [Fact]
    public void What_sets_share_counts_for_each_of_them()
    {
        var one = Of("""{"parameters": {"level": {"values": [1]}}}""").WorkPerBar;
        Assert.Equal(3 * one, Of("""{"parameters": {"level": {"values": [1, 2, 3]}}}""").WorkPerBar);
    }

    [Fact]
    public void The_backtests_of_validation_are_simulated_on_the_same_columns() => Assert.Equal(
        Of("""{"parameters": {"period": {"values": [7, 9]}}}""").WorkPerBar + (2 * Simulation),
        Of("""{"parameters": {"period": {"values": [7, 9]}}, "validation": {"type": "out_of_sample"}}""").WorkPerBar);

    [Fact]
    public void Each_window_of_a_walk_forward_may_compute_the_columns_of_the_dearest_set_again() => Assert.Equal(
        (Around + 7) + (Around + 9) + (4 * (Around + 9)) + (((5 * 2) + 4) * Simulation),
        Of("""{"parameters": {"period": {"values": [7, 9]}}, "validation": {"type": "walk_forward", "windows": 4}}""").WorkPerBar);

    [Fact]
    public void A_set_that_cannot_be_measured_has_no_columns() => Assert.Equal(
        (Around + 7 + Simulation) + Simulation, Of("""{"parameters": {"period": {"values": [0, 7]}}}""").WorkPerBar);

    [Theory]
    [InlineData("none", 1)]
    [InlineData("out_of_sample", 6)]
    [InlineData("walk_forward", 5)]
    public void Candles_that_cannot_be_divided_as_asked_are_known_to_be_too_few(string validation, int bars)
    {
        var forecast = Of($$"""{"parameters": {"level": {"values": [1]} }, "validation": {"type": "{{validation}}"} }""", bars);
        Assert.Equal("TOO_FEW_CANDLES", forecast.Failure?.Code);
    }

    [Theory]
    [InlineData("[0]", 2_000)]
    [InlineData("[0, 500]", 400)]
    public void A_search_whose_sets_are_all_refused_is_known_to_fail(string periods, int bars) =>
        Assert.Equal("NO_VALID_SET", Of($$"""{"parameters": {"period": {"values": {{periods}} } } }""", bars).Failure?.Code);

    [Fact]
    public void A_search_with_a_valid_set_is_not() =>
        Assert.Null(Of("""{"parameters": {"period": {"values": [0, 7, 500]}}}""", bars: 400).Failure);

    [Theory]
    [InlineData("""{"parameters": {"period": {"values": [0]}}}""", 2_000)]
    [InlineData("""{"parameters": {"period": {"values": [500]}}}""", 400)]
    [InlineData("""{"parameters": {"period": {"values": [7]}}, "validation": {"type": "walk_forward"}}""", 5)]
    [InlineData("""{"parameters": {"period": {"values": [7]}}}""", 400)]
    public void The_search_itself_ends_as_forecast(string search, int bars)
    {
        var failed = Sweeps.Outcome(search, Sweeps.Walk(bars), Cci()) as SweepOutcome.Failed;
        Assert.Equal(Of(search, bars).Failure, failed);
    }

    private static SweepForecast Of(string search, int bars = 2_000)
    {
        var strategy = Cci();
        return SweepForecast.Of(strategy, Sweeps.Parse(search, strategy), bars, CancellationToken.None);
    }

    private static StrategyDefinition Cci() => Documents.Strategy("cci(period) > level", more: """
        {"parameters": {"period": {"default": 5, "min": 0, "max": 1000, "integer": true},
                        "level": {"default": 1, "min": 0, "max": 9, "integer": true}}}
        """);
}

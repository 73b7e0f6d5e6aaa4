using System.Text.Json;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Tests.Backtesting;

public sealed class LanguageLimitTests
{
    private const int MillionBars = 1_000_000;

    [Theory]
    [InlineData("close > close[9999]", "")]
    [InlineData("close > close[10000][10000][10000][10000][10000][10000][10000][10000][10000][9999]", "")]
    [InlineData(
        "close > close[10000][10000][10000][10000][10000][10000][10000][10000][10000][10000]",
        "the first decision must come by bar 100000; indicators and history delay it to bar 100001")]
    [InlineData(
        "(close > sma(ema(rsi(close, 10000), 10000), 10000))[10000][10000][10000][10000][10000][10000][10000][9999]",
        "the first decision must come by bar 100000; indicators and history delay it to bar 109998")]
    public void The_first_decision_cannot_be_put_off_for_ever(string expression, string error) =>
        Assert.Equal(error, string.Join("; ", Documents.Errors(Documents.Of(expression))));

    [Fact]
    public void The_first_decision_is_bounded_for_every_set_of_parameter_values()
    {
        var strategy = Documents.Strategy(
            "close > close[n][n][n][n][n][n][n][n][n][n]", null, """{"parameters": {"n": {"default": 1, "min": 1, "max": 10000}}}""");
        var errors = new List<StrategyError>();
        strategy.Bind(new Dictionary<string, double>(StringComparer.Ordinal) { ["n"] = 10_000 }, new PlanBuilder(), errors);
        Assert.Single(errors);
    }

    [Theory]
    [InlineData("close[", "1", "]")]
    [InlineData("abs(", "close", ")")]
    [InlineData("sma(", "close", ", 2)")]
    public void History_and_calls_count_as_nesting(string before, string middle, string after)
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat(before, depth)) + middle + string.Concat(Enumerable.Repeat(after, depth)) + " > 1";
        Assert.Contains("nested deeper than 64", Documents.Errors(Documents.Of(Nested(65)))[0], StringComparison.Ordinal);
        Assert.DoesNotContain("nested", string.Concat(Documents.Errors(Documents.Of(Nested(64)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Definitions_count_for_the_nodes_of_the_document()
    {
        string Sum(int names) => string.Join('+', Enumerable.Repeat("low", names));
        Assert.Empty(Documents.Errors(Documents.Of($"{Sum(120)} > 1", null, $$"""{"let": {"a": "{{Sum(120)}}"} }""")));
        Assert.NotEmpty(Documents.Errors(Documents.Of($"{Sum(130)} > 1", null, $$"""{"let": {"a": "{{Sum(130)}}"} }""")));
    }

    [Fact]
    public void Of_many_errors_the_first_hundred_are_told()
    {
        var more = Enumerable.Range(0, 5_000).ToDictionary(i => $"x{i}", _ => 0, StringComparer.Ordinal);
        var errors = Documents.Errors(Documents.Of("close > 1", null, JsonSerializer.Serialize(more)));
        Assert.Equal(101, errors.Count);
        Assert.Equal("and 4900 more errors", errors[^1]);
    }

    [Theory]
    [InlineData("close > open", 1)] // Three bits of order at once.
    [InlineData("sma(close, 10) > sma(close, 30)", 3)]
    [InlineData("hour > 8 and minute > 30 and weekday < 6", 2)]
    public void Memory_is_counted_in_columns_of_numbers(string expression, int columns) =>
        Assert.Equal(columns, Documents.Strategy(expression).Plan.PeakColumns);

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public void What_needs_more_than_a_gigabyte_is_refused_before_it_runs(int averages, bool refused) =>
        Assert.Equal(refused, Documents.Strategy(AllAlive(averages)).Plan.IsTooLargeFor(10 * MillionBars));

    [Theory]
    [InlineData("cci(1000) > 0", false)]
    [InlineData("cci(10000) > cci(9000)", false)]
    [InlineData("cci(10000) + cci(9000) > cci(8000)", true)]
    public void What_needs_more_than_half_a_minute_is_refused_before_it_runs(string expression, bool refused) =>
        Assert.Equal(refused, Documents.Strategy(expression).Plan.IsTooLargeFor(MillionBars));

    /// <summary>Averages that are all computed before the first of them is read for the last time.</summary>
    private static string AllAlive(int averages)
    {
        var expression = "close";
        for (var period = 2; period < averages + 2; period++)
            expression = $"ema(close,{period})" + (expression == "close" ? "" : $"+({expression})");
        return expression + ">1";
    }
}

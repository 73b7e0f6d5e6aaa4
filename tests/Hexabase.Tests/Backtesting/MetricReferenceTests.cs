using System.Globalization;
using System.Text.Json;

namespace Hexabase.Tests.Backtesting;

/// <summary>What the summary of backtesting.py defines as we do, or can be computed from our figures.</summary>
public sealed class MetricReferenceTests
{
    private const double Tolerance = 1e-6;
    private const double TradingDays = 252;

    /// <summary>The reference runs but those that go bust, or that can hardly carry a trade.</summary>
    public static IEnumerable<object[]> RunsThatLast() => ConformanceTests.Runs().Where(run => run[2] is not ("all_in" or "thin"));

    [ReferenceTheory]
    [MemberData(nameof(ConformanceTests.Runs), MemberType = typeof(ConformanceTests))]
    public void The_summary_of_backtesting_py_follows_from_our_figures(string dataset, string strategy, string config)
    {
        var reference = ReferenceData.Result($"{dataset}.{strategy}.{config}");
        var theirs = reference.GetProperty("stats_backtesting_py");
        var ours = Documents.Run(ConformanceTests.Strategy(strategy, reference, "last_open"), ReferenceData.Candles(dataset)).Metrics;

        Same("Equity Final [$]", ours.FinalEquity);
        Same("Return [%]", ours.ReturnPct);
        Same("Exposure Time [%]", ours.ExposurePct);
        Same("# Trades", ours.Trades);
        Same("Win Rate [%]", 100 * ours.WinRate);
        Same("Expectancy [%]", ours.AvgTradePct);
        Same("SQN", ours.Sqn);
        Same("Kelly Criterion", ours.WinRate - ((1 - ours.WinRate) / ours.PayoffRatio));
        Same("Max. Drawdown [%]", -ours.MaxDrawdownPct);
        Same("Max. Drawdown Duration", ours.MaxDrawdownSeconds);
        Same("CAGR [%]", ours.CagrPct);
        if (theirs.TryGetProperty("Commissions [$]", out _))
            Same("Commissions [$]", ours.Commission);

        void Same(string name, double? actual)
        {
            var value = theirs.GetProperty(name);
            var expected = value.ValueKind == JsonValueKind.Null ? (double?)null : value.GetDouble();
            Assert.True(
                expected is { } wanted ? Math.Abs(wanted - actual ?? double.NaN) <= Tolerance * Math.Max(1, Math.Abs(wanted)) : actual is null,
                string.Create(CultureInfo.InvariantCulture, $"{name}: expected {expected:R}, got {actual:R}"));
        }
    }

    /// <summary>Its Sharpe and Sortino ratios are of annualised returns, but the deviations in them are those of ours.</summary>
    [ReferenceTheory]
    [MemberData(nameof(RunsThatLast))]
    public void Sharpe_and_sortino_are_of_the_deviations_of_backtesting_py(string dataset, string strategy, string config)
    {
        var reference = ReferenceData.Result($"{dataset}.{strategy}.{config}");
        var theirs = reference.GetProperty("stats_backtesting_py");
        var ours = Documents.Run(ConformanceTests.Strategy(strategy, reference, "last_open"), ReferenceData.Candles(dataset)).Metrics;
        var (sharpe, sortino) = (Assert.NotNull(ours.SharpeDaily252), Assert.NotNull(ours.SortinoDaily252));

        var annual = theirs.GetProperty("Return (Ann.) [%]").GetDouble() / 100;
        var volatility = theirs.GetProperty("Volatility (Ann.) [%]").GetDouble() / 100;
        var growth = Math.Pow(1 + annual, 2 / TradingDays);
        var variance = Math.Pow((volatility * volatility) + Math.Pow(growth, TradingDays), 1 / TradingDays) - growth;
        var downside = annual / (theirs.GetProperty("Sortino Ratio").GetDouble() * Math.Sqrt(TradingDays));
        Assert.Equal(Math.Sqrt(variance) / downside, sortino / sharpe, Tolerance);
    }
}

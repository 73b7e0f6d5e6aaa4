using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Simulation;

namespace Hexabase.Tests.Backtesting;

/// <summary>The way from event to event gives, to the last bit, what the rules give bar by bar; on anything.</summary>
public sealed class SimulationOracleTests
{
    private static readonly string[] Conditions =
    [
        "cross_above(close, sma(close, 4))", "cross_below(close, sma(close, 4))", "close > open", "close < open", "high - low > 0.004",
        "rsi(close, 5) < 40", "rsi(close, 5) > 60", "hour == 7", "close == 1", "1 > 0", "1 < 0",
    ];

    private static readonly string?[] Distances =
    [
        null, null, """{"type": "percent", "value": 0.3}""", """{"type": "percent", "value": 2}""", """{"type": "pips", "value": 25}""",
        """{"type": "price_offset", "value": "2 * atr(3)"}""", """{"type": "price_offset", "value": "1 / (high - close) / 1000"}""",
        """{"type": "price_offset", "value": "close - open"}""",
    ];

    private static readonly Dictionary<string, string?[]> Choices = new(StringComparer.Ordinal)
    {
        ["stop_loss"] = Distances,
        ["take_profit"] = Distances,
        ["trailing_stop"] = Distances,
        ["size"] =
        [
            null, """{"type": "units", "value": 40000}""", """{"type": "units", "value": 400000}""", """{"type": "lots", "value": 0.3}""",
            """{"type": "fraction", "value": 0.9}""", """{"type": "cash", "value": 7000}""",
            """{"type": "atr_risk", "percent": 3, "period": 4, "multiple": 2}""",
        ],
        ["costs"] =
        [
            null, """{"spread": 0.0004, "commission_rate": 0.00002}""", """{"spread_pips": 3}""", """{"spread_from_data": true}""",
            """{"slippage_pips": 4, "swap": {"long": -40, "short": 15, "rollover_hour": 9}}""",
            """{"spread_pips": 1, "slippage_pips": 2, "commission_rate": 0.0001, "swap": {"long": -300, "short": -200}}""",
        ],
        ["account"] =
        [
            """{"cash": 3000}""", """{"cash": 2000, "leverage": 500}""", """{"cash": 20000, "leverage": 5}""", """{"cash": 20000, "currency": "EUR"}""",
            """{"cash": 900000, "currency": "JPY", "quote_rate": 150.5}""", """{"cash": 3000, "currency": "EUR"}""",
        ],
        ["session"] =
        [
            null, null, """{"from": "07:00", "to": "16:00"}""", """{"from": "21:30", "to": "03:00", "days": ["sun", "tue", "fri"]}""",
            """{"days": ["mon", "tue", "wed", "thu", "fri"]}""",
        ],
        ["end_of_data"] = [null, "\"last_open\""],
    };

    [Fact]
    public void From_event_to_event_is_bar_by_bar_on_random_strategies_and_candles() => Prop.ForAll(
        Strategies().ToArbitrary(), Walks(600).ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), (document, candles, seed) =>
        {
            var strategy = Documents.Parse(document);
            var expected = new BarByBarSimulator(strategy, candles, BarRange.Of(candles), seed).Run();
            var outcome = Backtest.Run(strategy, candles, seed, candles.Count, CancellationToken.None);
            var actual = Assert.IsType<BacktestOutcome.Completed>(outcome).Result;

            Assert.Equal(expected.Trades, actual.Trades);
            Assert.Equal(expected.Rejected, actual.Rejected);
            Assert.Equal(expected.TouchedBoth, actual.BarsTouchingBoth);
            Assert.Equal(expected.BustBar, actual.BustBar);
            Assert.Equal(expected.Equity, actual.Equity.Select(point => point.Equity));
            AssertDrawdown(expected, actual.Metrics);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void The_random_strategies_reach_every_way_out_and_every_refusal()
    {
        var cases = Strategies().Zip(Walks(600)).Sample(400, new Rnd(7, 11), 300).ToList();
        var runs = cases.ConvertAll(one => new BarByBarSimulator(Documents.Parse(one.Item1), one.Item2, BarRange.Of(one.Item2), 3).Run());
        Assert.Equal(Enum.GetValues<ExitReason>().Order(), runs.SelectMany(run => run.Trades).Select(trade => trade.ExitReason).Distinct().Order());
        Assert.Equal(Enum.GetValues<Rejection>().Order(), runs.SelectMany(run => run.Rejected).Select(order => order.Reason).Distinct().Order());
        Assert.Contains(runs, run => run.TouchedBoth.Count > 0);
        Assert.Contains(runs, run => run.Trades.Exists(trade => trade.Swap != 0));
    }

    [Fact]
    public void A_measurement_of_some_bars_is_bar_by_bar_with_the_past_before_them() => Prop.ForAll(
        Strategies().ToArbitrary(), Walks(400).ToArbitrary(), Gen.Choose(0, 300).Two().ToArbitrary(), (document, candles, range) =>
        {
            var strategy = Documents.Parse(document);
            var bars = new BarRange(range.Item1, range.Item1 + 1 + (range.Item2 / 3));
            var expected = new BarByBarSimulator(strategy, candles, bars, seed: 5).Run();
            using var columns = Columns.Evaluate(strategy.Plan, candles, CancellationToken.None);
            var actual = Backtest.Measure(strategy.Rules, strategy.Account, candles, columns, bars, seed: 5, CancellationToken.None);

            Assert.NotNull(actual);
            Assert.Equal(expected.Trades.Count, actual.Trades);
            Assert.Equal(expected.Trades.Sum(trade => trade.Pnl), actual.NetProfit);
            Assert.Equal(expected.Equity[^1], actual.FinalEquity);
            AssertDrawdown(expected, actual);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void A_day_ends_with_its_last_bar_and_the_run_with_the_last() => Prop.ForAll(Walks(300).ToArbitrary(), candles =>
    {
        var times = candles.Time.ToArray();
        var expected = Enumerable.Range(0, times.Length).Where(i => i == times.Length - 1 || times[i] / 86_400 != times[i + 1] / 86_400);
        Assert.Equal(expected, candles.DayEnds.ToArray());
    }).QuickCheckThrowOnFailure();

    private static void AssertDrawdown(BarByBarSimulator expected, BacktestMetrics actual)
    {
        Assert.Equal(expected.MaxDrawdownAbs, actual.MaxDrawdownAbs);
        Assert.Equal(100 * expected.MaxDrawdown, actual.MaxDrawdownPct);
        Assert.Equal(expected.MaxDrawdownBars, actual.MaxDrawdownBars);
    }

    private static Gen<System.Text.Json.JsonElement> Strategies() =>
        from enter in Gen.Elements(Conditions).Two()
        from exit in Gen.Elements(Conditions).Two()
        from afterBars in Gen.Elements<int?>(null, null, 1, 3, 20)
        from picks in Gen.Choose(0, int.MaxValue).ArrayOf(Choices.Count)
        select Documents.Of(enter.Item1, enter.Item2, More(exit, afterBars, picks));

    private static string More((string Long, string Short) exit, int? afterBars, int[] picks)
    {
        var more = new JsonObject { ["exit"] = new JsonObject { ["long"] = exit.Long, ["short"] = exit.Short } };
        if (afterBars is { } bars)
            more["exit"]!["after_bars"] = bars;
        foreach (var ((name, choices), pick) in Choices.Zip(picks))
        {
            if (choices[pick % choices.Length] is { } choice)
                more[name] = JsonNode.Parse(choice);
        }
        return more.ToJsonString();
    }

    /// <summary>Hourly candles with gaps in time and price, calm and wild stretches, and now and then a bar without any range.</summary>
    private static Gen<Candles> Walks(int length) => Gen.Choose(0, int.MaxValue).Select(seed =>
    {
        var random = new Random(seed);
        var time = 1_500_000_000L / 3_600 * 3_600;
        var price = 1.0;
        var wildness = random.Next(1, 150) / 10_000.0;
        var (times, prices, spreads) = (new long[length], new double[4][], new double[length]);
        for (var column = 0; column < prices.Length; column++)
            prices[column] = new double[length];
        for (var bar = 0; bar < length; bar++)
        {
            time += 3_600L * (random.Next(20) == 0 ? random.Next(1, 80) : 1);
            var open = random.Next(3) == 0 ? Step(price) : price;
            price = random.Next(10) == 0 ? open : Step(open);
            (times[bar], prices[0][bar], prices[3][bar], spreads[bar]) = (time, open, price, random.Next(5) / 10_000.0);
            prices[1][bar] = Math.Max(open, price) + (random.Next(4) * wildness / 4);
            prices[2][bar] = Math.Max(0.01, Math.Min(open, price) - (random.Next(4) * wildness / 4));
        }
        return new Candles(times, prices[0], prices[1], prices[2], prices[3], new double[length], spreads);

        double Step(double from) => Math.Max(0.05, Math.Round(from + ((random.NextDouble() - 0.5) * 4 * wildness), 5));
    });
}

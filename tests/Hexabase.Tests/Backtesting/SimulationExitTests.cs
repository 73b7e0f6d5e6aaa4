using System.Globalization;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Simulation;

namespace Hexabase.Tests.Backtesting;

/// <summary>Trailing stops, time and session exits: docs/engine.md, "Exits".</summary>
public sealed class SimulationExitTests
{
    private const string OneUnit = """ "size": {"type": "units", "value": 1} """;
    private const string Trailing = """ "trailing_stop": {"type": "price_offset", "value": 5} """;

    [Fact] // Entered at 100; closes of 102 and 110 put the stop at 97 and 105; the next close puts it nowhere lower.
    public void A_trailing_stop_follows_the_closes_in_the_direction_of_the_trade_only() => Assert.Equal(
        (6, 105.0, ExitReason.TrailingStop),
        Exit(Run("long", Trailing, (100, 102, 100, 102), (102, 110, 102, 110), (110, 110, 106, 107), (107, 107, 104, 104))));

    [Fact]
    public void A_trailing_stop_of_a_short_follows_downwards() => Assert.Equal(
        (5, 95.0, ExitReason.TrailingStop), Exit(Run("short", Trailing, (100, 100, 98, 98), (98, 98, 90, 90), (90, 96, 90, 96))));

    [Fact]
    public void A_trailing_stop_is_live_only_from_the_bar_after_the_close_that_set_it() => Assert.Equal(
        ExitReason.EndOfData, Run("long", Trailing, (100, 120, 90, 110), (110, 112, 106, 111)).ExitReason);

    [Fact]
    public void A_bar_that_opens_beyond_the_trailing_stop_fills_at_its_open() => Assert.Equal(
        (4, 101.0, ExitReason.TrailingStopGap), Exit(Run("long", Trailing, (100, 110, 100, 110), (101, 103, 100, 102))));

    [Theory]
    [InlineData(3, 97.0, ExitReason.StopLoss)] // the stop loss at 97 is nearer than the trailing stop at 96
    [InlineData(7, 96.0, ExitReason.TrailingStop)]
    public void Of_a_stop_loss_and_a_trailing_stop_the_nearer_counts(double stopLoss, double price, ExitReason reason)
    {
        var more = FormattableString.Invariant($$"""{{Trailing}}, "stop_loss": {"type": "price_offset", "value": {{stopLoss}}} """);
        Assert.Equal((4, price, reason), Exit(Run("long", more, (100, 101, 100, 101), (101, 101, 95, 95))));
    }

    [Theory] // 2 % of the close of 102 is 2.04; 1,000 pips are 0.1
    [InlineData("percent", "2", 99.96)]
    [InlineData("pips", "1000", 101.9)]
    [InlineData("price_offset", "\"high - low\"", 100.0)]
    public void The_distance_of_a_trailing_stop_is_that_of_each_bar(string type, string value, double price) => Assert.Equal(
        price,
        Run("long", $$""" "trailing_stop": {"type": "{{type}}", "value": {{value}}} """, (100, 102, 100, 102), (102, 102, 90, 90)).ExitPrice,
        1e-12);

    [Fact] // 25 pips of a yen pair
    public void Stop_and_target_may_be_in_pips()
    {
        var strategy = Documents.Strategy(
            "close == 100", null,
            $$"""
            {"pair": "USDJPY", {{OneUnit}}, "stop_loss": {"type": "pips", "value": 25},
             "take_profit": {"type": "pips", "value": "5 * 10"} }
            """);
        var trade = Documents.Run(strategy, Documents.Closes(99, 100, 100, 100)).Trades[0];
        Assert.Equal((99.75, 100.5), (trade.StopLoss, trade.TakeProfit));
    }

    [Theory]
    [InlineData("1", 4)]
    [InlineData("3", 6)]
    [InlineData("\"n + 1\"", 6)]
    public void A_position_is_closed_at_the_open_after_so_many_bars(string bars, int exitBar)
    {
        var more = $$""" "exit": {"after_bars": {{bars}} }, "parameters": {"n": {"default": 2, "min": 1, "max": 5} } """;
        var trade = Run(
            "long", more, (100, 101, 100, 101), (102, 103, 102, 103), (104, 105, 104, 105), (106, 107, 106, 107), (108, 108, 108, 108));
        Assert.Equal((exitBar, ExitReason.TimeLimit), (trade.ExitBar, trade.ExitReason));
        Assert.Equal(100 + (2 * (exitBar - 3)), trade.ExitPrice);
    }

    [Fact]
    public void An_exit_rule_goes_before_the_time_limit_of_the_same_open() => Assert.Equal(
        ExitReason.Signal,
        Run("long", """ "exit": {"after_bars": 1, "long": "close == 101"} """, (100, 101, 100, 101), (102, 103, 102, 103)).ExitReason);

    [Theory] // The deciding bar opens at the hour given and ends an hour later, when the session must be open.
    [InlineData(6, true)]
    [InlineData(5, false)]
    [InlineData(14, true)]
    [InlineData(15, false)]
    public void Entries_are_made_only_when_the_deciding_bar_ends_within_the_session(int hour, bool enters) => Assert.Equal(
        enters, InSession($"2021-03-01T{hour:00}:00", """{"from": "07:00", "to": "16:00"}""").Trades.Count > 0);

    [Fact]
    public void A_position_is_closed_at_the_open_of_the_first_bar_after_the_session()
    {
        var trade = InSession("2021-03-01T12:00", """{"from": "07:00", "to": "16:00"}""").Trades[0];
        Assert.Equal((Time("2021-03-01T13:00"), Time("2021-03-01T16:00")), (trade.EntryTime, trade.ExitTime));
        Assert.Equal(ExitReason.SessionEnd, trade.ExitReason);
    }

    [Fact]
    public void A_session_may_go_over_midnight_and_belongs_to_the_day_it_begins_on()
    {
        const string mondays = """{"from": "22:00", "to": "03:00", "days": ["mon"]}""";
        Assert.Equal(Time("2021-03-02T03:00"), InSession("2021-03-02T01:00", mondays).Trades[0].ExitTime);
        Assert.Empty(InSession("2021-03-01T01:00", mondays).Trades);
    }

    [Fact] // 2021-03-05 was a Friday
    public void Sessions_without_a_pause_between_them_are_one() => Assert.Equal(
        Time("2021-03-06T00:00"), InSession("2021-03-04T10:00", """{"days": ["thu", "fri"]}""").Trades[0].ExitTime);

    [Fact]
    public void A_session_that_never_pauses_never_ends() => Assert.Equal(
        ExitReason.EndOfData, InSession("2021-03-01T10:00", "{}").Trades[0].ExitReason);

    [Fact]
    public void An_entry_that_finds_no_bar_before_the_end_of_the_session_is_rejected()
    {
        var candles = new Candles(
            [Time("2021-03-05T13:00"), Time("2021-03-05T14:00"), Time("2021-03-08T08:00"), Time("2021-03-08T09:00")],
            [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [2, 1, 3, 3], new double[4]);
        var result = Documents.Run(Documents.Strategy("close == 1", null, """{"session": {"from": "07:00", "to": "16:00"}}"""), candles);
        Assert.Empty(result.Trades);
        Assert.Equal([new RejectedOrder(2, Rejection.Session)], result.Rejected);
    }

    [Fact] // A bar of 06:00 is taken to end at 07:00, but the next one opens at 06:15, before the session.
    public void Candles_finer_than_the_timeframe_do_not_go_with_a_session()
    {
        var candles = Every(minutes: 15);
        var outcome = Backtest.Run(
            Documents.Strategy("close == 1", null, """{"session": {"from": "07:00"}}"""), candles, 0, CancellationToken.None);
        Assert.Equal("TIMEFRAME_MISMATCH", Assert.IsType<BacktestOutcome.Failed>(outcome).Code);
        Assert.NotEmpty(Documents.Run(Documents.Strategy("close == 1"), candles).Trades);
    }

    [Fact]
    public void Candles_coarser_than_the_timeframe_go_with_a_session() => Assert.NotEmpty(
        Documents.Run(Documents.Strategy("close == 1", null, """{"session": {"from": "07:00"}}"""), Every(minutes: 120)).Trades);

    [Theory]
    [InlineData(
        """{"trailing_stop": {"type": "atr", "value": 1}}""", "trailing_stop.type: expected percent (of the close), price_offset or pips")]
    [InlineData("""{"exit": {"after_bars": 0}}""", "exit.after_bars: expected a number above 0, at most 1000000")]
    [InlineData(
        """{"exit": {"after_bars": 1.5}}""", "exit.after_bars: expected a whole number from 1 to 1000000, the same at every bar")]
    [InlineData(
        """{"exit": {"after_bars": "close"}}""", "exit.after_bars: expected a whole number from 1 to 1000000, the same at every bar")]
    [InlineData("""{"session": {"from": "7:00"}}""", "session.from: expected a time of day, UTC, as in 07:30")]
    [InlineData("""{"session": {"from": "24:00"}}""", "session.from: expected a time before 24:00")]
    [InlineData("""{"session": {"from": "07:00", "to": "07:00"}}""", "session.to: is the same as from")]
    [InlineData("""{"session": {"days": []}}""", "session.days: expected a list of mon, tue, wed, thu, fri, sat, sun")]
    [InlineData(
        """{"session": {"days": ["mon", "mon"]}}""", "session.days: expected each of mon, tue, wed, thu, fri, sat, sun at most once")]
    [InlineData("""{"session": {}, "timeframe": "MN1"}""", "session: goes only with bars of a fixed length, not with MN1")]
    public void Exits_that_make_no_sense_are_refused_with_their_field(string more, string error) =>
        Assert.Equal([error], Documents.Errors(Documents.Of("close > 1", null, more)));

    /// <summary>One unit, decided on bar 2 by a close of 100, entered at the open of bar 3, which is the first given.</summary>
    private static Trade Run(string side, string more, params (double Open, double High, double Low, double Close)[] bars)
    {
        const string enter = "close == 100";
        var strategy = Documents.Strategy(side == "long" ? enter : null, side == "short" ? enter : null, $$"""{{{OneUnit}}, {{more}} }""");
        return Documents.Run(strategy, Documents.Bars([(99, 99, 99, 99), (99, 99, 99, 99), (100, 100, 100, 100), .. bars])).Trades[0];
    }

    private static (int Bar, double Price, ExitReason Reason) Exit(Trade trade) => (trade.ExitBar, trade.ExitPrice, trade.ExitReason);

    /// <summary>Wants to enter on the one bar that opens at <paramref name="deciding"/>; hourly bars from a day before it to five after.</summary>
    private static BacktestResult InSession(string deciding, string session)
    {
        var at = Time(deciding);
        var time = Enumerable.Range(-24, 6 * 24).Select(i => at + (i * 3_600L)).ToArray();
        double[] ones = [.. time.Select(_ => 1.0)], closes = [.. time.Select(t => t == at ? 2.0 : 1)];
        var candles = new Candles(time, ones, closes, ones, closes, new double[time.Length]);
        return Documents.Run(Documents.Strategy("close == 2", null, $$"""{"session": {{session}}}"""), candles);
    }

    /// <summary>A day of bars at a price of 1.</summary>
    private static Candles Every(int minutes)
    {
        var time = Enumerable.Range(0, 24 * 60 / minutes).Select(i => Time("2021-03-01T00:00") + (i * minutes * 60L)).ToArray();
        double[] ones = [.. time.Select(_ => 1.0)];
        return new Candles(time, ones, ones, ones, ones, new double[time.Length]);
    }

    private static long Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds();
}

using FsCheck;
using FsCheck.Fluent;
using Hexabase.Local.Timers;

namespace Hexabase.Tests.Local;

public sealed class TimerScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero); // a Thursday

    [Theory] // examples of the Functions documentation on NCRONTAB expressions
    [InlineData("0 */5 * * * *", "2026-01-15T09:35:00Z")]
    [InlineData("0 0 * * * *", "2026-01-15T10:00:00Z")]
    [InlineData("0 0 */2 * * *", "2026-01-15T10:00:00Z")]
    [InlineData("0 0 9-17 * * *", "2026-01-15T10:00:00Z")]
    [InlineData("0 30 9 * * *", "2026-01-16T09:30:00Z")]
    [InlineData("0 30 9 * * 1-5", "2026-01-16T09:30:00Z")]
    [InlineData("0 30 9 * Jan Mon", "2026-01-19T09:30:00Z")]
    [InlineData("5,8,10 * * * * *", "2026-01-15T09:30:05Z")]
    [InlineData("0 0 0 1 * *", "2026-02-01T00:00:00Z")]
    [InlineData("0 0 0 * * 0", "2026-01-18T00:00:00Z")]
    public void Six_fields_say_when_a_timer_comes_next(string schedule, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture), TimerSchedule.Parse(schedule).Next(Start));

    [Theory]
    [InlineData("")]
    [InlineData("*/5 * * * *")]
    [InlineData("01:00:00")]
    [InlineData("0 0 25 * * *")]
    [InlineData("0 0 0 * * Someday")]
    public void Anything_else_is_not_a_schedule(string text) => Assert.Throws<FormatException>(() => TimerSchedule.Parse(text));

    [Theory]
    [InlineData("*/30 * * * * *", true)]
    [InlineData("0,1 0 0 * * *", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("0 0 0 * * *", false)]
    public void A_timer_of_less_than_a_minute_is_not_monitored(string schedule, bool tooFrequent) =>
        Assert.Equal(tooFrequent, TimerSchedule.Parse(schedule).IsTooFrequentToMonitor(Start));

    [Fact]
    public void The_next_occurrence_is_always_later_and_none_lies_between() => Prop.ForAll(
        Gen.Elements("0 */7 * * * *", "*/20 * * * * *", "0 0 0 * * *", "0 0 0 29 2 *", "15 30 4 * * Mon-Fri").ToArbitrary(),
        Gen.Choose(0, 100_000_000).ToArbitrary(),
        Gen.Choose(1, 1_000).ToArbitrary(),
        (text, seconds, permille) =>
        {
            var schedule = TimerSchedule.Parse(text);
            var from = Start.AddSeconds(seconds);
            var next = schedule.Next(from);
            var between = from + ((next - from) * (permille - 1) / 1_000);
            return next > from && schedule.Next(between) == next;
        }).QuickCheckThrowOnFailure();
}

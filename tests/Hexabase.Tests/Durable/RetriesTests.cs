using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Replay;

namespace Hexabase.Tests.Durable;

/// <summary>When a failed step is tried again (durable-custom-handler.md §7.5).</summary>
public sealed class RetriesTests
{
    private static readonly TaskFailureDetails Failure = new("System.TimeoutException", "slow");
    private static readonly TaskFailureDetails ForGood = Failure with { IsNonRetriable = true };

    [Fact]
    public void Without_a_policy_nothing_is_tried_again() => Assert.Null(Retries.DelayAfter(null, 1, Failure, default));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(4, 30)]
    [InlineData(5, 30)]
    public void Waits_grow_by_the_coefficient_to_the_longest(int failures, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds),
        Retries.DelayAfter(new(9, TimeSpan.FromSeconds(5), 2, TimeSpan.FromSeconds(30)), failures, Failure, default));

    [Fact]
    public void The_last_try_is_the_last() => Assert.Null(Retries.DelayAfter(new(3, TimeSpan.FromSeconds(5)), 3, Failure, default));

    [Theory]
    [InlineData(54, true)]
    [InlineData(55, false)]
    [InlineData(99, false)]
    public void No_try_begins_so_long_after_the_first(int seconds, bool another) => Assert.Equal(
        another,
        Retries.DelayAfter(
            new(9, TimeSpan.FromSeconds(5), retryTimeout: TimeSpan.FromMinutes(1)), 1, Failure, TimeSpan.FromSeconds(seconds)) is not null);

    [Fact]
    public void What_cannot_be_healed_is_not_tried_again() => Assert.Null(Retries.DelayAfter(new(3, TimeSpan.FromSeconds(5)), 1, ForGood, default));

    [Theory]
    [InlineData("System.TimeoutException", true)]
    [InlineData("System.InvalidOperationException", false)]
    public void The_policy_can_say_which_failures_are_worth_it(string type, bool another)
    {
        var policy = new RetryPolicy(3, TimeSpan.FromSeconds(5)) { HandleFailure = failure => failure.IsCausedBy<TimeoutException>() };
        Assert.Equal(another, Retries.DelayAfter(policy, 1, Failure with { ErrorType = type }, default) is not null);
    }

    [Fact]
    public void Waits_beyond_all_time_are_as_long_as_can_be() =>
        Assert.Equal(TimeSpan.MaxValue, Retries.DelayAfter(new(9_999, TimeSpan.FromDays(1), 1e9), 5_000, Failure, default));
}

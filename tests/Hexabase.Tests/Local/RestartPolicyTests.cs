using FsCheck;
using FsCheck.Fluent;
using Hexabase.Local.Processes;

namespace Hexabase.Tests.Local;

public sealed class RestartPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_wait_doubles_up_to_five_seconds()
    {
        var policy = new RestartPolicy();
        double[] expected = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5];
        Assert.Equal(expected, expected.Select(_ => policy.AfterCrash(Start, TimeSpan.FromSeconds(1)).TotalSeconds));
    }

    [Fact]
    public void Half_a_minute_of_health_begins_anew()
    {
        var policy = new RestartPolicy();
        for (var i = 0; i < 5; i++)
            policy.AfterCrash(Start, TimeSpan.Zero);
        Assert.Equal(RestartPolicy.FirstDelay, policy.AfterCrash(Start, RestartPolicy.Healthy));
        Assert.Equal(RestartPolicy.FirstDelay * 2, policy.AfterCrash(Start, TimeSpan.Zero));
    }

    [Fact]
    public void Crashes_count_together_while_neighbours_are_at_most_half_an_hour_apart()
    {
        var policy = new RestartPolicy();
        policy.AfterCrash(Start, TimeSpan.Zero);
        policy.AfterCrash(Start.AddMinutes(30), TimeSpan.Zero);
        Assert.Equal(2, policy.Crashes);
        policy.AfterCrash(Start.AddMinutes(60.1), TimeSpan.Zero);
        Assert.Equal(1, policy.Crashes);
    }

    [Fact]
    public void The_wait_is_never_outside_its_bounds() => Prop.ForAll(
        Gen.Choose(0, 60).ListOf().ToArbitrary(),
        secondsRun =>
        {
            var policy = new RestartPolicy();
            return secondsRun.All(s => policy.AfterCrash(Start, TimeSpan.FromSeconds(s)) is var wait
                && wait >= RestartPolicy.FirstDelay && wait <= RestartPolicy.LongestDelay);
        }).QuickCheckThrowOnFailure();
}

using Hexabase.Domain.Strategies;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Strategies;

public sealed class ForkLimitTests
{
    private readonly ManualTimeProvider clock = new();

    [Fact]
    public void Ten_forks_a_minute_from_one_address_are_fine_and_the_eleventh_waits()
    {
        var limit = new ForkLimit(TestPlans.Product, clock);
        for (var i = 0; i < 10; i++)
            Assert.Null(limit.TryTake("203.0.113.7"));
        Assert.Equal(TimeSpan.FromMinutes(1), limit.TryTake("203.0.113.7"));
    }

    [Fact]
    public void Addresses_are_counted_apart()
    {
        var limit = new ForkLimit(TestPlans.Product, clock);
        for (var i = 0; i < 11; i++)
            limit.TryTake("203.0.113.7");
        Assert.Null(limit.TryTake("203.0.113.8"));
    }

    [Fact]
    public void The_wait_ends_a_minute_after_the_oldest_of_the_ten_and_no_minute_holds_more()
    {
        var limit = new ForkLimit(TestPlans.Product, clock);
        limit.TryTake("a");
        clock.Advance(TimeSpan.FromSeconds(40));
        for (var i = 0; i < 9; i++)
            Assert.Null(limit.TryTake("a"));
        Assert.Equal(TimeSpan.FromSeconds(20), limit.TryTake("a"));
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(limit.TryTake("a"));
        Assert.Equal(TimeSpan.FromSeconds(40), limit.TryTake("a"));
    }

    [Fact]
    public void A_refused_try_does_not_prolong_the_wait()
    {
        var limit = new ForkLimit(TestPlans.Product, clock);
        for (var i = 0; i < 50; i++)
            limit.TryTake("a");
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(limit.TryTake("a"));
    }

    [Fact]
    public void Memory_is_bounded_and_idle_addresses_make_room()
    {
        var limit = new ForkLimit(TestPlans.Product, clock, mostAddresses: 3);
        foreach (var address in (string[])["a", "b", "c"])
            Assert.Null(limit.TryTake(address));
        Assert.NotNull(limit.TryTake("d"));
        Assert.Null(limit.TryTake("a"));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(limit.TryTake("d"));
    }

    [Fact]
    public void Full_of_busy_addresses_it_looks_for_idle_ones_at_most_once_a_second()
    {
        var limit = new ForkLimit(TestPlans.Product, clock, mostAddresses: 1);
        limit.TryTake("a");
        clock.Advance(TimeSpan.FromSeconds(59.5));
        Assert.NotNull(limit.TryTake("b"));
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.NotNull(limit.TryTake("b"));
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Null(limit.TryTake("b"));
    }
}

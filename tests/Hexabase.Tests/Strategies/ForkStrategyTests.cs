using Hexabase.Backtesting.Simulation;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Strategies;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Strategies;

public sealed class ForkStrategyTests : StrategyTest
{
    [Fact]
    public async Task A_fork_is_an_unpublished_copy_with_the_same_code_and_its_lineage()
    {
        var original = await Area.Published(await Area.Account());
        var account = await Area.Account();
        var fork = await Area.Forked(account, original.Sid);
        var stored = (await Area.Stored(fork.Sid))!;
        Assert.Equal((original.CodeHash, original.DatasetHash), (fork.CodeHash, fork.DatasetHash));
        Assert.Equal(new Lineage(original.Sid, original.Sid, 1), fork.Lineage);
        Assert.Equal((account, Visibility.Unpublished, 1), (stored.OwnerId, stored.Visibility, stored.Version));
        Assert.True(await Area.Blobs.Exists(Strategy.BlobPath(fork.Sid), default));
    }

    [Fact]
    public async Task A_fork_of_a_fork_keeps_the_root_and_counts_generations()
    {
        var account = await Area.Account();
        var original = await Area.Published(await Area.Account());
        var child = await Area.Forked(account, original.Sid);
        var grandchild = await Area.Forked(account, child.Sid);
        Assert.Equal(new Lineage(child.Sid, original.Sid, 2), grandchild.Lineage);
    }

    [Fact]
    public async Task Its_first_run_starts_at_once_with_its_hashes_and_a_key_of_its_own()
    {
        var original = await Area.Published(await Area.Account());
        var account = await Area.Account();
        var fork = await Area.Forked(account, original.Sid);
        var ask = Assert.Single(Area.Runs.Asked);
        Assert.Equal(new(account, $"fork:{fork.Sid}", fork.Sid, 0, original.CodeHash, original.DatasetHash, "correlation"), ask);
        Assert.NotNull(fork.RunId);
        Assert.Null(fork.RunRefused);
    }

    [Fact]
    public async Task The_fork_stands_when_its_run_is_refused_and_the_reply_says_why()
    {
        var original = await Area.Published(await Area.Account());
        var account = await Area.Account();
        Area.Runs.Refusal = new PrivateNeedsPaidPlan();
        var fork = await Area.Forked(account, original.Sid);
        Assert.Null(fork.RunId);
        Assert.Equal("PRIVATE_NEEDS_PAID_PLAN", fork.RunRefused!.Code);
        Assert.NotNull(await Area.Stored(fork.Sid));
    }

    [Fact]
    public async Task The_same_key_gets_the_same_fork_and_the_same_run()
    {
        var original = await Area.Published(await Area.Account());
        var account = await Area.Account();
        var first = await Area.Forked(account, original.Sid, key: "k-1");
        var again = await Area.Forked(account, original.Sid, key: "k-1");
        Assert.Equal(first, again);
        Assert.Single(await Area.Saved(account));
    }

    [Fact]
    public async Task The_same_key_for_another_strategy_is_refused()
    {
        var owner = await Area.Account();
        var (one, other) = (await Area.Published(owner, fast: 2), await Area.Published(owner, fast: 3));
        var account = await Area.Account();
        await Area.Forked(account, one.Sid, key: "k-1");
        Assert.Equal(new IdempotencyKeyReused(), (await Area.TryFork(account, other.Sid, key: "k-1")).Refusal());
    }

    [Fact]
    public async Task The_same_key_for_another_seed_is_refused()
    {
        var original = await Area.Published(await Area.Account());
        var account = await Area.Account();
        await Area.Forked(account, original.Sid, key: "k-1");
        Assert.Equal(new IdempotencyKeyReused(), (await WithSeed(account, original.Sid, seed: 7, key: "k-1")).Refusal());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(Backtest.MaxSeed + 1)]
    public async Task A_seed_that_no_run_takes_is_refused_and_nothing_is_forked(long seed)
    {
        var original = await Area.Published(await Area.Account());
        var account = await Area.Account();
        var refusal = (await WithSeed(account, original.Sid, seed)).Refusal();
        Assert.Equal((RefusalKind.Invalid, "seed"), (refusal.Kind, refusal.Field));
        Assert.Empty(await Area.Saved(account));
    }

    [Fact]
    public async Task Keys_of_different_accounts_have_nothing_to_do_with_each_other()
    {
        var original = await Area.Published(await Area.Account());
        var first = await Area.Forked(await Area.Account(), original.Sid, key: "k-1");
        Assert.NotEqual(first.Sid, (await Area.Forked(await Area.Account(), original.Sid, key: "k-1")).Sid);
    }

    [Fact]
    public async Task Of_concurrent_forks_under_one_key_there_is_one()
    {
        var original = await Area.Published(await Area.Account());
        var account = await Area.Account();
        var forks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Area.Forked(account, original.Sid, key: "k-1")));
        Assert.Single(forks.Select(fork => (fork.Sid, fork.RunId)).Distinct());
        Assert.Equal(1, (await Area.Shelf(account)).Saved);
    }

    [Fact]
    public async Task What_the_caller_may_not_read_cannot_be_forked()
    {
        var owner = await Area.Account(PlanName.Pro);
        var hidden = await Area.Published(owner, "private");
        var unpublished = await Area.Forked(owner, hidden.Sid);
        var stranger = await Area.Account();
        Assert.Equal(new StrategyNotFound(hidden.Sid), (await Area.TryFork(stranger, hidden.Sid)).Refusal());
        Assert.Equal(new StrategyNotFound(unpublished.Sid), (await Area.TryFork(stranger, unpublished.Sid)).Refusal());
        Assert.Equal(new StrategyNotFound("s_unknown"), (await Area.TryFork(stranger, "s_unknown")).Refusal());
    }

    [Fact]
    public async Task The_eleventh_fork_within_a_minute_from_one_address_is_refused_with_the_time_to_wait()
    {
        var original = await Area.Published(await Area.Account());
        var account = await Area.Account(PlanName.Starter);
        var ask = new ForkStrategy(account, original.Sid, 0, "203.0.113.7", null, "correlation");
        for (var i = 0; i < 10; i++)
            (await Area.Fork.Handle(ask, default)).Value();
        var refusal = (await Area.Fork.Handle(ask, default)).Refusal();
        Assert.Equal(
            (RefusalKind.RateLimited, "FORK_RATE_LIMITED", TimeSpan.FromMinutes(1)), (refusal.Kind, refusal.Code, refusal.RetryAfter));
    }

    [Theory]
    [InlineData("", null, "sid")]
    [InlineData("not a sid", null, "sid")]
    [InlineData("s_1", "", "Idempotency-Key")]
    [InlineData("s_1", "with space", "Idempotency-Key")]
    public async Task Bad_input_is_refused_by_its_field(string sid, string? key, string field)
    {
        var refusal = (await Area.TryFork(await Area.Account(), sid, key)).Refusal();
        Assert.Equal((RefusalKind.Invalid, field), (refusal.Kind, refusal.Field));
    }

    private Task<Result<ForkedStrategy>> WithSeed(string account, string sid, long seed, string? key = null) =>
        Area.Fork.Handle(new ForkStrategy(account, sid, seed, "203.0.113.9", key, "correlation"), default);
}

using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Strategies;

public sealed class ListStrategiesTests : StrategyTest
{
    [Fact]
    public async Task The_public_list_shows_public_strategies_newest_first()
    {
        var account = await Area.Account(PlanName.Starter);
        var older = await Area.Published(account, fast: 2);
        await Area.Published(account, "private", fast: 3);
        await Area.Forked(account, older.Sid);
        var newer = await Area.Published(account, fast: 4);
        Assert.Equal([newer.Sid, older.Sid], (await Area.PublicList()).Select(listed => listed.Sid));
    }

    [Fact]
    public async Task A_fork_appears_when_it_is_published_above_what_was_published_before()
    {
        var account = await Area.Account();
        var original = await Area.Published(account, fast: 2);
        var fork = await Area.Forked(account, original.Sid);
        var between = await Area.Published(account, fast: 3);
        Area.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Area.Publish.Handle(new PublishStrategy(account, fork.Sid, StrategyArea.Code(fast: 4), "public"), default)).Value();
        Assert.Equal([fork.Sid, between.Sid, original.Sid], (await Area.PublicList()).Select(listed => listed.Sid));
    }

    [Fact]
    public async Task A_new_version_changes_the_entry_in_its_place()
    {
        var account = await Area.Account();
        var first = await Area.Published(account, fast: 2);
        var second = await Area.Published(account, fast: 3);
        var ask = new PublishStrategy(account, first.Sid, StrategyArea.Code(fast: 5), "public");
        var changed = (await Area.Publish.Handle(ask, default)).Value();
        var list = await Area.PublicList();
        Assert.Equal([second.Sid, first.Sid], list.Select(listed => listed.Sid));
        Assert.Equal((2, changed.CodeHash, "EURUSD", "H1"), (list[1].Version, list[1].CodeHash, list[1].Pair, list[1].Timeframe));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gaps_or_repeats()
    {
        var account = await Area.Account();
        var published = new List<string>();
        for (var fast = 2; fast < 9; fast++)
            published.Insert(0, (await Area.Published(account, fast: fast)).Sid);
        var seen = new List<string>();
        string? continuation = null;
        do
        {
            var page = (await Area.List.Handle(new ListStrategies(3, continuation), default)).Value();
            Assert.InRange(page.Items.Count, 1, 3);
            seen.AddRange(page.Items.Select(listed => listed.Sid));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        Assert.Equal(published, seen);
    }

    [Fact]
    public async Task Own_strategies_are_all_there_newest_first_and_nobody_elses()
    {
        var account = await Area.Account(PlanName.Starter);
        var stranger = await Area.Account();
        var hidden = await Area.Published(account, "private");
        await Area.Published(stranger);
        var fork = await Area.Forked(account, hidden.Sid, key: "any");
        var saved = await Area.Saved(account);
        Assert.Equal([(fork.Sid, Visibility.Unpublished), (hidden.Sid, Visibility.Private)], saved.Select(s => (s.Sid, s.Visibility)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task A_page_has_1_to_100_entries(int limit) =>
        Assert.Equal("limit", (await Area.List.Handle(new ListStrategies(limit, null), default)).Refusal().Field);

    [Fact]
    public async Task A_continuation_of_something_else_is_invalid()
    {
        var account = await Area.Account();
        await Assert.ThrowsAsync<InvalidContinuationException>(() => Area.List.Handle(new ListStrategies(10, "nonsense"), default));
        await Assert.ThrowsAsync<InvalidContinuationException>(
            () => Area.List.Handle(new ListOwnStrategies(account, 10, "nonsense"), default));
    }

    [Fact]
    public async Task Public_is_for_everyone_the_rest_for_the_owner()
    {
        var owner = await Area.Account(PlanName.Starter);
        var shown = await Area.Published(owner);
        var hidden = await Area.Published(owner, "private");
        Assert.Equal(shown.Sid, (await Area.Get.Handle(new GetStrategy(shown.Sid, null), default)).Value().Sid);
        Assert.Equal(hidden.Sid, (await Area.Get.Handle(new GetStrategy(hidden.Sid, owner), default)).Value().Sid);
        (string, string?)[] refused = [(hidden.Sid, null), (hidden.Sid, await Area.Account()), ("../../etc/passwd", null)];
        foreach (var (sid, caller) in refused)
            Assert.Equal(new StrategyNotFound(sid), (await Area.Get.Handle(new GetStrategy(sid, caller), default)).Refusal());
    }
}

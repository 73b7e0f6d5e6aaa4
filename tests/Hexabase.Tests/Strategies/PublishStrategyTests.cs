using System.Text.Json;
using Hexabase.Backtesting.Json;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Strategies;

public sealed class PublishStrategyTests : StrategyTest
{
    [Fact]
    public async Task A_new_strategy_is_version_1_under_the_hash_of_its_code()
    {
        var account = await Area.Account();
        var published = await Area.Published(account);
        Assert.True(published.Created);
        Assert.Equal(1, published.Version);
        Assert.Equal(CodeHash.Of(StrategyArea.Code()), published.CodeHash);
        Assert.Equal(StrategyArea.DatasetHash, published.DatasetHash);
        Assert.Equal(Visibility.Public, published.Visibility);
        Assert.Equal(published.CodeHash, (await Area.Stored(published.Sid))!.CodeHash);
    }

    [Fact]
    public async Task The_blob_holds_the_canonical_code()
    {
        var published = await Area.Published(await Area.Account());
        var blob = await Area.Blobs.Read(Strategy.BlobPath(published.Sid), default);
        Assert.Equal(CanonicalJson.GetBytes(StrategyArea.Code()), blob!.Value.ToArray());
    }

    [Fact]
    public async Task Changed_code_is_a_new_version_and_the_old_one_is_kept()
    {
        var account = await Area.Account();
        var first = await Area.Published(account, fast: 10);
        var second = (await Change(account, first.Sid, StrategyArea.Code(fast: 12))).Value();
        Assert.False(second.Created);
        Assert.Equal(2, second.Version);
        Assert.Equal([first.CodeHash, second.CodeHash], [(await Version(first.Sid, 1))!.CodeHash, (await Version(first.Sid, 2))!.CodeHash]);
    }

    [Fact]
    public async Task The_same_code_again_however_it_is_spelled_is_no_new_version()
    {
        var account = await Area.Account();
        var first = await Area.Published(account);
        var members = StrategyArea.Code().EnumerateObject().Reverse().Select(p => $"\"{p.Name}\" : {p.Value.GetRawText()}");
        var reordered = $"{{ {string.Join(", ", members)} }}";
        var again = (await Change(account, first.Sid, JsonDocument.Parse(reordered).RootElement)).Value();
        Assert.Equal(first with { Created = false }, again);
        Assert.Null(await Version(first.Sid, 2));
    }

    [Fact]
    public async Task Another_visibility_alone_is_no_new_version_but_takes_effect()
    {
        var account = await Area.Account(PlanName.Starter);
        var first = await Area.Published(account);
        var hidden = (await Change(account, first.Sid, StrategyArea.Code(), "private")).Value();
        Assert.Equal((1, Visibility.Private), (hidden.Version, hidden.Visibility));
        Assert.Empty(await Area.PublicList());
        await Change(account, first.Sid, StrategyArea.Code(), "public");
        Assert.Single(await Area.PublicList(), listed => listed.Sid == first.Sid);
    }

    [Theory]
    [InlineData(PlanName.Starter)]
    [InlineData(PlanName.Pro)]
    [InlineData(PlanName.Elite)]
    public async Task Paid_plans_may_publish_privately(PlanName plan) =>
        Assert.Equal(Visibility.Private, (await Area.Published(await Area.Account(plan), "private")).Visibility);

    [Fact]
    public async Task Plan_free_has_to_pay_for_private_and_nothing_is_kept()
    {
        var account = await Area.Account();
        var refusal = (await Change(account, null, StrategyArea.Code(), "private")).Refusal();
        Assert.Equal((RefusalKind.PaymentRequired, "PRIVATE_NEEDS_PAID_PLAN"), (refusal.Kind, refusal.Code));
        Assert.Empty(await Area.Saved(account));
    }

    [Fact]
    public async Task A_public_strategy_of_another_cannot_be_changed()
    {
        var published = await Area.Published(await Area.Account());
        var refusal = (await Change(await Area.Account(), published.Sid, StrategyArea.Code(fast: 12))).Refusal();
        Assert.Equal(new NotYourStrategy(published.Sid), refusal);
    }

    [Fact]
    public async Task A_private_strategy_of_another_does_not_exist()
    {
        var published = await Area.Published(await Area.Account(PlanName.Pro), "private");
        var refusal = (await Change(await Area.Account(), published.Sid, StrategyArea.Code())).Refusal();
        Assert.Equal(new StrategyNotFound(published.Sid), refusal);
    }

    [Fact]
    public async Task An_id_that_was_never_given_out_is_not_found() =>
        Assert.Equal(new StrategyNotFound("s_unknown"), (await Change(await Area.Account(), "s_unknown", StrategyArea.Code())).Refusal());

    [Fact]
    public async Task A_dataset_that_nobody_uploaded_is_refused_by_its_field()
    {
        var code = StrategyArea.Code(dataset: new string('0', 64));
        var refusal = (await Change(await Area.Account(), null, code)).Refusal();
        Assert.Equal((RefusalKind.Unprocessable, "UNKNOWN_DATASET", "code.dataset_hash"), (refusal.Kind, refusal.Code, refusal.Field));
    }

    [Fact]
    public async Task Code_with_errors_is_refused_with_all_of_them()
    {
        var code = JsonDocument.Parse("""{"schema": "hexabase.strategy/v1", "name": 7}""").RootElement;
        var refusal = (await Change(await Area.Account(), null, code)).Refusal();
        Assert.Equal((RefusalKind.Unprocessable, "STRATEGY_INVALID"), (refusal.Kind, refusal.Code));
        Assert.NotEmpty(Assert.IsAssignableFrom<System.Collections.ICollection>(refusal.Members!["errors"]));
    }

    [Fact]
    public async Task Code_that_says_something_twice_is_refused()
    {
        var twice = JsonDocument.Parse("""{"name": "a", "name": "b"}""").RootElement;
        Assert.Equal("STRATEGY_INVALID", (await Change(await Area.Account(), null, twice)).Refusal().Code);
    }

    [Fact]
    public async Task Code_over_64_KiB_is_refused()
    {
        var code = JsonSerializer.SerializeToElement(new { description = new string('x', 64 * 1024) });
        Assert.Equal("STRATEGY_INVALID", (await Change(await Area.Account(), null, code)).Refusal().Code);
    }

    [Fact]
    public async Task Code_that_names_no_dataset_gets_the_built_in_one_of_its_pair_and_timeframe()
    {
        var account = await Area.Account();
        Assert.Equal("UNKNOWN_DATASET", (await Change(account, null, StrategyArea.Code(dataset: null))).Refusal().Code);
        await Area.BuildIn("EURUSD", "H1");
        Assert.Equal(StrategyArea.DatasetHash, (await Change(account, null, StrategyArea.Code(dataset: null))).Value().DatasetHash);
    }

    [Theory]
    [InlineData("s_UPPER", "public", "sid")]
    [InlineData("../../x", "public", "sid")]
    [InlineData(null, "unpublished", "visibility")]
    [InlineData(null, "", "visibility")]
    public async Task Bad_input_is_refused_by_its_field(string? sid, string visibility, string field)
    {
        var refusal = (await Change(await Area.Account(), sid, StrategyArea.Code(), visibility)).Refusal();
        Assert.Equal((RefusalKind.Invalid, field), (refusal.Kind, refusal.Field));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    public async Task Code_that_is_no_object_is_refused_by_its_field(string json)
    {
        var refusal = (await Change(await Area.Account(), null, JsonDocument.Parse(json).RootElement)).Refusal();
        Assert.Equal((RefusalKind.Invalid, "code"), (refusal.Kind, refusal.Field));
    }

    [Fact]
    public async Task Missing_code_is_refused_by_its_field() =>
        Assert.Equal("code", (await Change(await Area.Account(), null, default)).Refusal().Field);

    [Fact]
    public async Task A_token_of_an_account_that_is_gone_is_refused()
    {
        await Area.Account();
        Assert.Equal(new AccountGone(), (await Change(Ids.NewAccount(), null, StrategyArea.Code())).Refusal());
    }

    [Fact]
    public async Task A_repeat_under_its_key_gets_the_same_strategy_also_after_it_was_changed()
    {
        var account = await Area.Account();
        var first = (await UnderKey(account, StrategyArea.Code())).Value();
        var again = (await UnderKey(account, StrategyArea.Code())).Value();
        Assert.Equal(first with { Created = false }, again);
        Assert.Single(await Area.Saved(account));

        var changed = (await Change(account, first.Sid, StrategyArea.Code(fast: 12))).Value();
        Assert.Equal(changed, (await UnderKey(account, StrategyArea.Code())).Value());
    }

    [Fact]
    public async Task A_key_that_was_used_for_other_code_or_visibility_is_refused()
    {
        var account = await Area.Account(PlanName.Pro);
        await UnderKey(account, StrategyArea.Code());
        Assert.Equal(new IdempotencyKeyReused(), (await UnderKey(account, StrategyArea.Code(fast: 12))).Refusal());
        Assert.Equal(new IdempotencyKeyReused(), (await UnderKey(account, StrategyArea.Code(), "private")).Refusal());
        Assert.True((await UnderKey(await Area.Account(), StrategyArea.Code(fast: 12))).Value().Created);
    }

    [Fact]
    public async Task A_key_with_spaces_is_refused_by_its_header() =>
        Assert.Equal("Idempotency-Key", (await UnderKey(await Area.Account(), StrategyArea.Code(), key: "a key")).Refusal().Field);

    [Fact]
    public async Task Accepted_is_published_and_listed_also_while_blobs_are_down_and_the_code_follows_later()
    {
        var account = await Area.Account();
        Area.Crash.BlobsAreDown = true;
        var published = await Area.Published(account);
        Assert.Equal(published.Sid, Assert.Single(await Area.Saved(account)).Sid);
        Assert.Equal(published.CodeHash, (await Area.Stored(published.Sid))!.CodeHash);
        Assert.False(await Area.Blobs.Exists(Strategy.BlobPath(published.Sid), default));

        Area.Crash.BlobsAreDown = false;
        await Area.Saved(account);
        Assert.True(await Area.Blobs.Exists(Strategy.BlobPath(published.Sid), default));
        Assert.Single(await Area.PublicList(), listed => listed.Sid == published.Sid);
    }

    [Fact]
    public async Task What_cannot_be_accepted_while_blobs_are_down_says_so_and_changes_nothing()
    {
        var account = await Area.Account();
        Area.Crash.BlobsAreDown = true;
        await Area.Published(account);
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => Change(account, null, StrategyArea.Code(fast: 12)));
        Assert.Single(await Area.Saved(account));
    }

    [Fact]
    public async Task Of_concurrent_changes_each_becomes_a_version_of_its_own()
    {
        var account = await Area.Account();
        var first = await Area.Published(account, fast: 2);
        var changes = await Task.WhenAll(Enumerable.Range(3, 6).Select(fast => Change(account, first.Sid, StrategyArea.Code(fast))));
        Assert.Equal([2, 3, 4, 5, 6, 7], changes.Select(change => change.Value().Version).Order());
        for (var version = 1; version <= 7; version++)
            Assert.NotNull(await Version(first.Sid, version));
        Assert.Equal(7, (await Area.Stored(first.Sid))!.Version);
        Assert.Equal((await Area.Stored(first.Sid))!.Code.GetRawText(), (await Version(first.Sid, 7))!.Code.GetRawText());
    }

    private Task<Result<PublishedStrategy>> Change(string account, string? sid, JsonElement code, string visibility = "public") =>
        Area.Publish.Handle(new PublishStrategy(account, sid, code, visibility), default);

    private Task<Result<PublishedStrategy>> UnderKey(string account, JsonElement code, string visibility = "public", string key = "k-1") =>
        Area.Publish.Handle(new PublishStrategy(account, null, code, visibility, key), default);

    private async Task<StrategyVersion?> Version(string sid, int version) =>
        (await Area.Documents.Read<StrategyVersion>(Containers.Strategies, sid, StrategyVersion.DocumentId(version), default))?.Value;
}

using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Accounts;

public sealed class SessionsTests : IAsyncDisposable
{
    private readonly string account = Ids.NewAccount();
    private readonly ManualTimeProvider clock = new();
    private readonly TemporaryDocumentStore store;
    private readonly Sessions sessions;

    public SessionsTests()
    {
        store = new TemporaryDocumentStore(clock);
        sessions = new Sessions(store, clock);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Every_use_replaces_the_token()
    {
        var first = await Open();
        var second = await Rotate(first);
        Assert.NotNull(second);
        Assert.NotEqual(first, second, StringComparer.Ordinal);
        Assert.NotNull(await Rotate(second));
    }

    [Fact]
    public async Task Only_the_hash_of_a_secret_is_stored()
    {
        var token = await Open();
        Assert.True(RefreshToken.TryParse(token, out var parsed));
        var stored = await store.OfAccount<Session>(account, Session.DocumentId(parsed.SessionId));
        Assert.Equal(parsed.SecretHash, stored?.SecretHash);
        Assert.DoesNotContain(parsed.Secret, $"{stored}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_token_used_again_ends_the_session_for_everybody()
    {
        var first = await Open();
        var second = await Rotate(first);
        clock.Advance(Session.Grace + TimeSpan.FromSeconds(1));
        Assert.Equal("SESSION_REVOKED", await RefusalOf(first));
        Assert.Equal("SESSION_REVOKED", await RefusalOf(second));
    }

    [Fact]
    public async Task A_token_two_rotations_old_ends_the_session_at_once()
    {
        var first = await Open();
        var third = await Rotate(await Rotate(first));
        Assert.Equal("SESSION_REVOKED", await RefusalOf(first));
        Assert.Equal("SESSION_REVOKED", await RefusalOf(third));
    }

    [Fact]
    public async Task Another_tab_with_the_token_just_replaced_gets_access_but_no_token_of_its_own()
    {
        var first = await Open();
        var second = await Rotate(first);
        clock.Advance(Session.Grace);
        Assert.Null(await Rotate(first));
        Assert.NotNull(await Rotate(second));
    }

    [Fact]
    public async Task Of_many_tabs_that_refresh_at_the_same_moment_exactly_one_gets_the_next_token()
    {
        var first = await Open();
        var next = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Rotate(first))));
        var second = Assert.Single(next, t => t is not null);
        Assert.NotNull(await Rotate(second));
    }

    [Fact]
    public async Task A_sign_out_ends_the_session_with_any_of_its_tokens()
    {
        var first = await Open();
        var second = await Rotate(first);
        await sessions.End(first, default);
        Assert.Equal("SESSION_REVOKED", await RefusalOf(second));
        await sessions.End(second, default);
        await sessions.End("rubbish", default);
    }

    [Fact]
    public async Task A_session_ends_thirty_days_after_its_last_use()
    {
        var token = await Open();
        clock.Advance(TimeSpan.FromDays(29));
        token = await Rotate(token);
        clock.Advance(TimeSpan.FromDays(29));
        token = await Rotate(token);
        clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal("NO_SESSION", await RefusalOf(token));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.b.c")]
    public async Task Anything_else_is_no_session(string? cookie) => Assert.Equal("NO_SESSION", await RefusalOf(cookie));

    [Fact]
    public async Task A_well_spelled_token_of_no_session_is_none() =>
        Assert.Equal("NO_SESSION", await RefusalOf(RefreshToken.New(account, Ids.TimeOrdered(clock.GetUtcNow())).ToCookieValue()));

    [Fact]
    public async Task A_guessed_secret_ends_the_session_it_was_tried_on()
    {
        var token = await Open();
        Assert.True(RefreshToken.TryParse(token, out var parsed));
        Assert.Equal("SESSION_REVOKED", await RefusalOf(RefreshToken.New(account, parsed.SessionId).ToCookieValue()));
        Assert.Equal("SESSION_REVOKED", await RefusalOf(token));
    }

    [Fact]
    public async Task Looking_up_the_account_uses_no_token_up()
    {
        var token = await Open();
        Assert.Equal(account, await sessions.AccountOf(token, default));
        Assert.NotNull(await Rotate(token));
        await sessions.End(token, default);
        Assert.Null(await sessions.AccountOf(token, default));
    }

    [Fact]
    public void A_session_never_gives_a_token_for_anything_but_its_newest()
    {
        // Present any token ever given out, at any time: only the newest rotates, only the one before it within the grace is borne.
        var steps = Gen.Choose(0, 6).SelectMany(back => Gen.Choose(0, 20).Select(seconds => (back, seconds))).ListOf(20);
        Prop.ForAll(steps.ToArbitrary(), uses =>
        {
            var now = DateTimeOffset.UnixEpoch;
            List<RefreshToken> given = [RefreshToken.New(account, Ids.TimeOrdered(now))];
            var session = Session.New(given[0], now);
            foreach (var (back, seconds) in uses)
            {
                now += TimeSpan.FromSeconds(seconds);
                var used = Math.Max(0, given.Count - 1 - back);
                var expected = (given.Count - 1 - used) switch
                {
                    0 => Presented.Newest,
                    1 when now - session.RotatedAt <= Session.Grace => Presented.JustReplaced,
                    _ => Presented.Reused,
                };
                if (session.Judge(given[used].SecretHash, now) != expected)
                    return false;
                if (expected == Presented.Newest)
                {
                    given.Add(RefreshToken.New(account, session.Id));
                    session = session.Rotate(given[^1], now);
                }
            }
            return true;
        }).QuickCheckThrowOnFailure();
    }

    private async Task<string> Open() => (await sessions.Open(account, default)).ToCookieValue();

    private async Task<string?> Rotate(string? cookie)
    {
        var result = await sessions.Rotate(cookie, default);
        return result.Succeeded(out var rotated, out var refusal)
            ? rotated.Next?.ToCookieValue()
            : throw new Xunit.Sdk.XunitException($"Refused: {refusal}");
    }

    private async Task<string?> RefusalOf(string? cookie) =>
        (await sessions.Rotate(cookie, default)).Succeeded(out _, out var refusal) ? null : refusal.Code;
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hexabase.Tests.Accounts;

/// <summary>What a signed-in browser may do by HTTP: refresh, call, sign out.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private AccountsSite site = null!;
    private Browser browser = null!;

    public async Task InitializeAsync()
    {
        site = await AccountsSite.Start();
        browser = site.NewBrowser();
        await browser.SignIn("google", FakeProvider.OpenId("g-ann", "ann@example.com"));
    }

    public async Task DisposeAsync()
    {
        browser.Dispose();
        await site.DisposeAsync();
    }

    [Fact]
    public async Task A_refresh_gives_an_access_token_and_the_next_cookie()
    {
        var before = browser.RefreshCookie;
        using var reply = await browser.Post("/api/auth/refresh", "http://localhost:5173");
        var body = await reply.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["access_token", "token_type", "expires_in"], body.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal);
        Assert.Equal(("Bearer", 900), (body.GetProperty("token_type").GetString(), body.GetProperty("expires_in").GetInt32()));
        Assert.Equal("no-store", reply.Headers.CacheControl?.ToString());
        Assert.NotEqual(before, browser.RefreshCookie, StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_old_refresh_cookie_ends_the_session_and_is_taken_away()
    {
        var stolen = browser.RefreshCookie;
        await browser.AccessToken();
        site.Clock.Advance(TimeSpan.FromSeconds(11));
        using var thief = site.NewBrowser();
        thief.RefreshCookie = stolen;
        await Refused(thief, "SESSION_REVOKED");
        Assert.Null(thief.RefreshCookie);
        await Refused(browser, "SESSION_REVOKED");
    }

    [Fact]
    public async Task Without_a_cookie_there_is_no_session()
    {
        using var visitor = site.NewBrowser();
        await Refused(visitor, "NO_SESSION");
    }

    [Fact]
    public async Task A_sign_out_ends_the_session()
    {
        var cookie = browser.RefreshCookie;
        using var reply = await browser.Post("/api/auth/sign-out");
        Assert.Equal(HttpStatusCode.NoContent, reply.StatusCode);
        Assert.Null(browser.RefreshCookie);
        browser.RefreshCookie = cookie;
        await Refused(browser, "SESSION_REVOKED");
        using var again = await site.NewBrowser().Post("/api/auth/sign-out");
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Theory]
    [InlineData("/api/auth/refresh", "https://evil.example")]
    [InlineData("/api/auth/refresh", "null")]
    [InlineData("/api/auth/sign-out", "https://evil.example")]
    public async Task Pages_of_other_sites_cannot_use_the_cookie(string path, string origin)
    {
        var before = browser.RefreshCookie;
        using var refused = await browser.Post(path, origin);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("CROSS_SITE_REQUEST", await Browser.Code(refused));
        Assert.Equal(before, browser.RefreshCookie);
        await browser.AccessToken();
    }

    [Fact]
    public async Task A_call_without_a_token_is_asked_for_one()
    {
        using var refused = await browser.Get("/api/me", accessToken: null);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.ToString());
        Assert.Equal("UNAUTHENTICATED", await Browser.Code(refused));
    }

    [Fact]
    public async Task A_token_that_is_over_is_refused_as_such()
    {
        var token = await browser.AccessToken();
        site.Clock.Advance(TimeSpan.FromMinutes(16));
        using var refused = await browser.Get("/api/me", token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\"", refused.Headers.WwwAuthenticate.ToString());
        Assert.Equal("UNAUTHENTICATED", await Browser.Code(refused));
    }

    [Fact]
    public async Task Operators_functions_are_for_those_who_read_a_listed_address()
    {
        using var forAnn = await browser.Get("/operators-only", await browser.AccessToken());
        Assert.Equal(HttpStatusCode.Forbidden, forAnn.StatusCode);
        Assert.Equal("FORBIDDEN", await Browser.Code(forAnn));
        using var forNobody = await browser.Get("/operators-only", accessToken: null);
        Assert.Equal(HttpStatusCode.Unauthorized, forNobody.StatusCode);

        using var unverified = site.NewBrowser();
        await unverified.SignIn("google", FakeProvider.OpenId("g-evil", "operator@localhost", verified: false));
        using var forUnverified = await unverified.Get("/operators-only", await unverified.AccessToken());
        Assert.Equal(HttpStatusCode.Forbidden, forUnverified.StatusCode);

        using var operatorsBrowser = site.NewBrowser();
        await operatorsBrowser.SignIn("dev", FakeProvider.OpenId("operator@localhost", "operator@localhost"));
        using var forOperator = await operatorsBrowser.Get("/operators-only", await operatorsBrowser.AccessToken());
        Assert.Equal(HttpStatusCode.OK, forOperator.StatusCode);
        Assert.True((await operatorsBrowser.Me()).GetProperty("operator").GetBoolean());
    }

    [Fact]
    public async Task The_public_keys_may_be_cached_for_five_minutes_and_hold_nothing_private()
    {
        using var reply = await browser.Get("/.well-known/jwks.json", accessToken: null);
        Assert.Equal("public, max-age=300", reply.Headers.CacheControl?.ToString());
        var key = Assert.Single((await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("keys").EnumerateArray());
        Assert.Equal(["kty", "crv", "use", "alg", "kid", "x", "y"], key.EnumerateObject().Select(p => p.Name), StringComparer.Ordinal);
    }

    private static async Task Refused(Browser browser, string code)
    {
        using var refused = await browser.Post("/api/auth/refresh");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(code, await Browser.Code(refused));
    }
}

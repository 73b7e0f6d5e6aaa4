using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Hexabase.Tests.Accounts;

/// <summary>The whole way of a sign-in by HTTP, and each way it can end.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private static readonly object Ann = FakeProvider.OpenId("g-ann", "ann@example.com", name: "Ann Lee");
    private AccountsSite site = null!;
    private Browser browser = null!;

    public async Task InitializeAsync()
    {
        site = await AccountsSite.Start();
        browser = site.NewBrowser();
    }

    public async Task DisposeAsync()
    {
        browser.Dispose();
        await site.DisposeAsync();
    }

    [Fact]
    public async Task A_person_signs_in_and_is_known()
    {
        Assert.Equal(AccountsSite.Console, await browser.SignIn("google", Ann));
        var me = await browser.Me();
        Assert.Equal("Ann Lee", me.GetProperty("user").GetProperty("display_name").GetString());
        Assert.Equal("ann@example.com", me.GetProperty("user").GetProperty("email").GetString());
        Assert.Equal("dev-workspace", me.GetProperty("workspace").GetProperty("name").GetString());
        Assert.Equal("recorded", me.GetProperty("workspace").GetProperty("status").GetString());
        Assert.Equal("Ann Lee", me.GetProperty("organization").GetProperty("name").GetString());
        Assert.Equal("free", me.GetProperty("plan").GetString());
        Assert.False(me.GetProperty("operator").GetBoolean());
        Assert.Equal("/api/usage", me.GetProperty("links").GetProperty("usage").GetString());
        Assert.DoesNotContain("g-ann", me.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_start_asks_for_a_code_with_state_and_a_hashed_verifier()
    {
        var query = QueryHelpers.ParseQuery((await browser.AuthorizationPage("google", "&login_hint=ann%40example.com")).Query);
        Assert.Equal("code", query["response_type"]);
        Assert.Equal(FakeProvider.ClientId, query["client_id"]);
        Assert.Equal("http://localhost:7071/api/auth/google/callback", query["redirect_uri"]);
        Assert.Equal("openid email profile", query["scope"]);
        Assert.Equal("S256", query["code_challenge_method"]);
        Assert.Equal(43, query["code_challenge"].ToString().Length);
        Assert.Equal(43, query["state"].ToString().Length);
        Assert.Equal("ann@example.com", query["login_hint"]);
    }

    [Fact]
    public async Task Both_cookies_are_out_of_reach_of_scripts_and_other_sites()
    {
        using var started = await browser.Start("google");
        var pending = Assert.Single(started.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("hexabase_signin=", pending, StringComparison.Ordinal);
        Assert.EndsWith("; max-age=600; path=/api/auth/google/callback; samesite=lax; httponly", pending, StringComparison.Ordinal);

        using var completed = await browser.Http.GetAsync(site.Provider.Consent(started.Headers.Location!, Ann));
        var cookies = completed.Headers.GetValues("Set-Cookie").ToArray();
        Assert.Contains(cookies, c => c.StartsWith("hexabase_signin=; expires=Thu, 01 Jan 1970", StringComparison.Ordinal));
        var refresh = cookies.Single(c => c.StartsWith("hexabase_refresh=", StringComparison.Ordinal));
        Assert.EndsWith("; max-age=2592000; path=/api/auth; samesite=lax; httponly", refresh, StringComparison.Ordinal);
        Assert.Equal("no-store", completed.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Anywhere_but_on_the_own_machine_cookies_are_secure()
    {
        await using var secure = await AccountsSite.Start("Production", ("Auth:PublicBaseUrl", "https://api.example.com"));
        using var visitor = secure.NewBrowser();
        using var started = await visitor.Start("google");
        Assert.Contains("; secure;", Assert.Single(started.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        using var completed = await visitor.Http.GetAsync(secure.Provider.Consent(started.Headers.Location!, Ann));
        Assert.All(completed.Headers.GetValues("Set-Cookie"), c => Assert.Contains("; secure;", c, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("/console")]
    [InlineData("")]
    public async Task An_address_that_is_not_allowed_is_refused_at_the_start(string redirect)
    {
        using var refused = await browser.Start("google", redirect);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("INVALID_REDIRECT", await Browser.Code(refused));
    }

    [Fact]
    public async Task A_missing_redirect_is_refused_at_the_start()
    {
        using var refused = await browser.Http.GetAsync("/api/auth/google/start");
        Assert.Equal("INVALID_REDIRECT", await Browser.Code(refused));
    }

    [Theory]
    [InlineData("start")]
    [InlineData("callback")]
    public async Task An_unknown_provider_is_not_found(string step)
    {
        using var refused = await browser.Http.GetAsync($"/api/auth/myspace/{step}?redirect={AccountsSite.Console}");
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Equal("UNKNOWN_PROVIDER", await Browser.Code(refused));
    }

    [Fact]
    public async Task Signing_in_again_ends_the_session_that_the_browser_had()
    {
        await browser.SignIn("google", Ann);
        var before = browser.RefreshCookie;
        await browser.SignIn("google", Ann);
        Assert.NotEqual(before, browser.RefreshCookie);
        await browser.AccessToken();

        using var other = site.NewBrowser();
        other.RefreshCookie = before;
        using var refused = await other.Post("/api/auth/refresh");
        Assert.Equal("SESSION_REVOKED", await Browser.Code(refused));
    }

    [Fact]
    public async Task A_login_hint_longer_than_an_address_is_refused()
    {
        using var refused = await browser.Start("google", more: "&login_hint=" + new string('a', 255));
        Assert.Equal("INVALID_INPUT", await Browser.Code(refused));
    }

    [Fact]
    public async Task A_provider_that_is_not_configured_is_not_found()
    {
        await using var bare = await AccountsSite.Start("Development", ("Auth:GitHub:ClientId", null), ("Auth:GitHub:ClientSecret", null));
        using var visitor = bare.NewBrowser();
        using var refused = await visitor.Start("github");
        Assert.Equal("UNKNOWN_PROVIDER", await Browser.Code(refused));
    }

    [Fact]
    public async Task The_provider_that_believes_everybody_exists_in_development_only()
    {
        var bob = FakeProvider.OpenId("bob@localhost", "bob@localhost");
        Assert.Equal(AccountsSite.Console, await browser.SignIn("dev", bob, "&login_hint=bob@localhost"));

        await using var production = await AccountsSite.Start("Production");
        using var visitor = production.NewBrowser();
        using var refused = await visitor.Start("dev");
        Assert.Equal("UNKNOWN_PROVIDER", await Browser.Code(refused));
    }

    [Fact]
    public async Task An_answer_without_the_cookie_of_its_start_is_refused()
    {
        var page = await browser.AuthorizationPage("google");
        using var other = site.NewBrowser();
        await RefusedState(other, site.Provider.Consent(page, Ann));
    }

    [Fact]
    public async Task An_answer_with_another_state_is_refused()
    {
        var callback = site.Provider.Consent(await browser.AuthorizationPage("google"), Ann).AbsoluteUri;
        await RefusedState(browser, new Uri(callback[..^1] + (callback[^1] == 'A' ? 'B' : 'A')));
        await RefusedState(browser, new Uri("http://localhost:7071/api/auth/google/callback?code=x"));
    }

    [Fact]
    public async Task An_answer_to_a_start_at_another_provider_is_refused()
    {
        using var started = await browser.Start("google");
        var cookie = started.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        var callback = site.Provider.Consent(started.Headers.Location!, Ann).AbsoluteUri;
        using var stranger = site.NewBrowser();
        stranger.Http.DefaultRequestHeaders.Add("Cookie", cookie);
        await RefusedState(stranger, new Uri(callback.Replace("/google/", "/github/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_answer_after_ten_minutes_is_refused()
    {
        var callback = site.Provider.Consent(await browser.AuthorizationPage("google"), Ann);
        site.Clock.Advance(TimeSpan.FromMinutes(10));
        await RefusedState(browser, callback);
    }

    [Fact]
    public async Task An_answer_is_good_once()
    {
        var callback = site.Provider.Consent(await browser.AuthorizationPage("google"), Ann);
        await browser.Return(callback);
        await RefusedState(browser, callback);
    }

    [Fact]
    public async Task Denied_consent_leads_back_and_says_so()
    {
        var page = await browser.AuthorizationPage("google");
        Assert.Equal(AccountsSite.Console + "?error=ACCESS_DENIED", await browser.Return(FakeProvider.Refuse(page, "access_denied")));
        Assert.Null(browser.RefreshCookie);
    }

    [Theory]
    [InlineData("server_error", "PROVIDER_UNAVAILABLE")]
    [InlineData("temporarily_unavailable", "PROVIDER_UNAVAILABLE")]
    [InlineData("redirect_uri_mismatch", "SIGN_IN_FAILED")]
    public async Task Every_other_error_of_the_provider_leads_back_too(string error, string code)
    {
        var page = await browser.AuthorizationPage("github");
        Assert.Equal($"{AccountsSite.Console}?error={code}", await browser.Return(FakeProvider.Refuse(page, error)));
    }

    [Theory]
    [InlineData("/token", 500)]
    [InlineData("/token", 503)]
    [InlineData("/token", 429)]
    [InlineData("/userinfo", 502)]
    public async Task A_provider_that_is_down_leads_back_and_says_so(string path, int status)
    {
        site.Provider.Misbehaves[path] = Status(status);
        Assert.Equal(AccountsSite.Console + "?error=PROVIDER_UNAVAILABLE", await browser.SignIn("google", Ann));
        Assert.Null(browser.RefreshCookie);
    }

    [Fact]
    public async Task A_provider_that_cannot_be_reached_is_down()
    {
        await using var cut = await AccountsSite.Start("Development", ("Auth:Google:TokenEndpoint", "http://127.0.0.1:1/token"));
        using var visitor = cut.NewBrowser();
        Assert.Equal(AccountsSite.Console + "?error=PROVIDER_UNAVAILABLE", await visitor.SignIn("google", Ann));
    }

    [Fact]
    public async Task A_provider_that_is_silent_for_ten_seconds_is_down()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        site.Provider.Misbehaves["/userinfo"] = async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        var signIn = browser.SignIn("google", Ann);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        site.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(AccountsSite.Console + "?error=PROVIDER_UNAVAILABLE", await signIn.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData("/token", 400)]
    [InlineData("/token", 302)]
    [InlineData("/userinfo", 401)]
    public async Task An_answer_that_is_no_person_is_a_failed_sign_in(string path, int status)
    {
        site.Provider.Misbehaves[path] = Status(status);
        Assert.Equal(AccountsSite.Console + "?error=SIGN_IN_FAILED", await browser.SignIn("google", Ann));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"sub\":7}")]
    [InlineData("{\"sub\":\"\\ud800\"}")] // half a surrogate pair
    public async Task A_body_that_names_nobody_is_a_failed_sign_in(string body)
    {
        site.Provider.Misbehaves["/userinfo"] = context => context.Response.WriteAsync(body);
        Assert.Equal(AccountsSite.Console + "?error=SIGN_IN_FAILED", await browser.SignIn("google", Ann));
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read()
    {
        site.Provider.Misbehaves["/userinfo"] = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.WriteAsync(new string(' ', 4_096));
        };
        var ended = await browser.SignIn("google", Ann).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(AccountsSite.Console + "?error=SIGN_IN_FAILED", ended);
    }

    [Fact]
    public async Task The_code_alone_is_worth_nothing()
    {
        // A code that leaked from one browser is brought to the callback of another, which began a sign-in itself.
        var stolen = QueryHelpers.ParseQuery(site.Provider.Consent(await browser.AuthorizationPage("google"), Ann).Query)["code"];
        using var thief = site.NewBrowser();
        var state = QueryHelpers.ParseQuery((await thief.AuthorizationPage("google")).Query)["state"];
        Assert.Equal(
            AccountsSite.Console + "?error=SIGN_IN_FAILED",
            await thief.Return(new Uri($"http://localhost:7071/api/auth/google/callback?code={stolen}&state={state}")));
    }

    [Fact]
    public async Task GitHubs_private_address_comes_from_the_list_of_addresses()
    {
        var octocat = FakeProvider.GitHub(583231, "octocat", [
            FakeProvider.Email("old@example.com", primary: false, verified: true),
            FakeProvider.Email("octo@example.com", primary: true, verified: true)]);
        await browser.SignIn("github", octocat);
        var user = (await browser.Me()).GetProperty("user");
        Assert.Equal(("octocat", "octo@example.com"), (user.GetProperty("display_name").GetString(), user.GetProperty("email").GetString()));
    }

    [Fact]
    public async Task A_GitHub_user_without_a_verified_address_has_an_account_without_one()
    {
        var octocat = FakeProvider.GitHub(583231, "octocat", [FakeProvider.Email("octo@example.com", primary: true, verified: false)]);
        Assert.Equal(AccountsSite.Console, await browser.SignIn("github", octocat));
        Assert.False((await browser.Me()).GetProperty("user").TryGetProperty("email", out _));
    }

    [Fact]
    public async Task A_GitHub_user_who_keeps_their_addresses_to_themselves_has_an_account_without_one()
    {
        site.Provider.Misbehaves["/user/emails"] = Status(404);
        Assert.Equal(AccountsSite.Console, await browser.SignIn("github", FakeProvider.GitHub(583231, "octocat", [])));
        Assert.False((await browser.Me()).GetProperty("user").TryGetProperty("email", out _));
    }

    [Fact]
    public async Task A_code_that_GitHub_refuses_is_a_failed_sign_in()
    {
        site.Provider.Misbehaves["/token"] = context => context.Response.WriteAsJsonAsync(new { error = "bad_verification_code" });
        Assert.Equal(AccountsSite.Console + "?error=SIGN_IN_FAILED", await browser.SignIn("github", FakeProvider.GitHub(1, "x", [])));
    }

    [Fact]
    public async Task Only_a_true_that_is_one_verifies_an_address()
    {
        var claims = new JsonObject { ["sub"] = "g-1", ["email"] = "operator@localhost", ["email_verified"] = "true" };
        await browser.SignIn("google", claims);
        Assert.False((await browser.Me()).GetProperty("user").GetProperty("email_verified").GetBoolean());
    }

    [Fact]
    public async Task An_address_registered_by_another_provider_leads_back_and_names_it()
    {
        await browser.SignIn("google", Ann);
        using var later = site.NewBrowser();
        var ended = await later.SignIn("github", AnnAtGitHub());
        Assert.Equal(AccountsSite.Console + "?error=EMAIL_REGISTERED_WITH_OTHER_PROVIDER&provider=google&link=github", ended);
        Assert.Null(later.RefreshCookie);
    }

    [Fact]
    public async Task Signed_in_with_the_first_provider_the_second_is_linked_and_signs_in_from_then_on()
    {
        await browser.SignIn("google", Ann);
        var before = browser.RefreshCookie;
        Assert.Equal(AccountsSite.Console, await browser.SignIn("github", AnnAtGitHub(), "&link=true"));
        Assert.Equal(before, browser.RefreshCookie);
        var me = (await browser.Me()).GetProperty("user");
        var providers = me.GetProperty("identities").EnumerateArray().Select(i => i.GetProperty("provider").GetString());
        Assert.Equal(["google", "github"], providers, StringComparer.Ordinal);

        using var later = site.NewBrowser();
        await later.SignIn("github", AnnAtGitHub());
        Assert.Equal(me.GetProperty("id").GetString(), (await later.Me()).GetProperty("user").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Nobody_links_without_being_signed_in()
    {
        using var refused = await browser.Start("github", more: "&link=true");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("NO_SESSION", await Browser.Code(refused));
    }

    [Fact]
    public async Task Nothing_is_linked_for_someone_who_signed_out_meanwhile()
    {
        await browser.SignIn("google", Ann);
        var page = await browser.AuthorizationPage("github", "&link=true");
        using var _ = await browser.Post("/api/auth/sign-out");
        Assert.Equal(AccountsSite.Console + "?error=NO_SESSION", await browser.Return(site.Provider.Consent(page, AnnAtGitHub())));
    }

    [Fact]
    public async Task Another_site_cannot_start_a_linking()
    {
        await browser.SignIn("google", Ann);
        browser.Http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        using var refused = await browser.Start("github", more: "&link=true");
        Assert.Equal("CROSS_SITE_REQUEST", await Browser.Code(refused));
    }

    [Fact]
    public async Task The_error_joins_what_the_address_asks_already()
    {
        using var started = await browser.Start("google", "http://localhost:5173/a?b=c#d");
        var ended = await browser.Return(FakeProvider.Refuse(started.Headers.Location!, "access_denied"));
        Assert.Equal("http://localhost:5173/a?b=c&error=ACCESS_DENIED#d", ended);
    }

    private static object AnnAtGitHub() =>
        FakeProvider.GitHub(1001, "ann", [FakeProvider.Email("Ann@Example.com", primary: true, verified: true)]);

    private static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = "http://127.0.0.1:1/elsewhere";
        return Task.CompletedTask;
    };

    private static async Task RefusedState(Browser browser, Uri callback)
    {
        using var refused = await browser.Http.GetAsync(callback);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("INVALID_STATE", await Browser.Code(refused));
        Assert.False(refused.Headers.Contains("Set-Cookie"));
    }
}

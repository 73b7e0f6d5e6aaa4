using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Hexabase.Adapters.Settings;
using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Hexabase.Functions.Accounts;
using Hexabase.Functions.Http;
using Hexabase.Tests.Support;
using Hexabase.Worker;
using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.AspNetCore.TestHost;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Accounts;

/// <summary>The accounts functions as a site of their own: real endpoints, real store, a fake provider behind each name.</summary>
internal sealed class AccountsSite : IAsyncDisposable
{
    public const string Console = "http://localhost:5173/console";

    private readonly WebApplication app;
    private readonly TemporaryDocumentStore store;

    private AccountsSite(WebApplication app, TemporaryDocumentStore store, FakeProvider provider, ManualTimeProvider clock) =>
        (this.app, this.store, Provider, Clock) = (app, store, provider, clock);

    public FakeProvider Provider { get; }

    public ManualTimeProvider Clock { get; }

    public static async Task<AccountsSite> Start(string environment = "Development", params (string Key, string? Value)[] settings)
    {
        var clock = new ManualTimeProvider();
        var ownStore = new TemporaryDocumentStore(clock);
        var provider = await FakeProvider.Start();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.AddFunctionsWorker(FunctionCatalog.Of(
            typeof(StartSignInTrigger), typeof(CompleteSignInTrigger), typeof(RefreshAccessTokenTrigger), typeof(SignOutTrigger),
            typeof(GetMeTrigger), typeof(GetJwksTrigger)));
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(Settings(provider.Address));
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value)));
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<IDocumentStore>(ownStore).AddSingleton(TestPlans.Product);
        builder.Services.ConfigureHttpJsonOptions(json => DomainJson.Configure(json.SerializerOptions));
        builder.Services.AddAccounts(SettingsReader.Read(builder.Configuration, AuthSettings.Read));
        var site = builder.Build();
        site.UseSecurityHeaders();
        site.UseProblemsForExceptions();
        site.UseRouting();
        site.UseBearerAuthentication();
        site.UseAuthorization();
        site.MapFunctions();
        site.MapGet("/operators-only", [Authorize(Policy = AccountsServices.OperatorPolicy)] () => Results.Ok());
        await site.StartAsync();
        return new AccountsSite(site, ownStore, provider, clock);
    }

    public Browser NewBrowser() => new(this, app.GetTestServer().CreateHandler(), app.Configuration["Auth:PublicBaseUrl"]!);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await Provider.DisposeAsync();
        await store.DisposeAsync();
    }

    public static Dictionary<string, string?> Settings(string provider) => new(StringComparer.Ordinal)
    {
        ["Auth:PublicBaseUrl"] = "http://localhost:7071",
        ["Auth:AllowedRedirects"] = "http://localhost:5173, https://app.example.com",
        ["Auth:SigningKeys"] = Pem.NewKey(),
        ["Auth:Google:ClientId"] = FakeProvider.ClientId,
        ["Auth:Google:ClientSecret"] = FakeProvider.ClientSecret,
        ["Auth:Google:AuthorizationEndpoint"] = $"{provider}/authorize",
        ["Auth:Google:TokenEndpoint"] = $"{provider}/token",
        ["Auth:Google:UserInfoEndpoint"] = $"{provider}/userinfo",
        ["Auth:GitHub:ClientId"] = FakeProvider.ClientId,
        ["Auth:GitHub:ClientSecret"] = FakeProvider.ClientSecret,
        ["Auth:GitHub:AuthorizationEndpoint"] = $"{provider}/authorize",
        ["Auth:GitHub:TokenEndpoint"] = $"{provider}/token",
        ["Auth:GitHub:ApiBaseUrl"] = provider,
        ["Auth:Dev:Authority"] = provider,
        ["Operators:0"] = "operator@localhost",
    };
}

/// <summary>A person's browser: it keeps cookies and follows no redirect by itself.</summary>
internal sealed class Browser : IDisposable
{
    private readonly AccountsSite site;
    private readonly CookieContainer cookies = new();

    public Browser(AccountsSite site, HttpMessageHandler handler, string baseAddress)
    {
        this.site = site;
        Http = new HttpClient(new CookieContainerHandler(cookies) { InnerHandler = handler }) { BaseAddress = new Uri(baseAddress) };
    }

    public HttpClient Http { get; }

    /// <summary>The refresh cookie's value; null when there is none.</summary>
    public string? RefreshCookie
    {
        get => cookies.GetCookies(AuthAddress)[AuthCookies.Refresh]?.Value;
        set => cookies.Add(AuthAddress, new Cookie(AuthCookies.Refresh, value, "/api/auth"));
    }

    private Uri AuthAddress => new(Http.BaseAddress!, "/api/auth/refresh");

    public void Dispose() => Http.Dispose();

    public Task<HttpResponseMessage> Start(string provider, string? redirect = AccountsSite.Console, string more = "") =>
        Http.GetAsync(QueryHelpers.AddQueryString($"/api/auth/{provider}/start", "redirect", redirect ?? "") + more);

    /// <summary>The provider's page that a sign-in begins at.</summary>
    public async Task<Uri> AuthorizationPage(string provider, string more = "")
    {
        using var started = await Start(provider, more: more);
        Assert.Equal(HttpStatusCode.Redirect, started.StatusCode);
        return started.Headers.Location!;
    }

    /// <summary>Goes through a whole sign-in and returns where it ended.</summary>
    public async Task<string> SignIn(string provider, object person, string more = "")
    {
        var page = await AuthorizationPage(provider, more);
        return await Return(site.Provider.Consent(page, person));
    }

    /// <summary>Follows the provider's redirect to the callback and returns where that leads.</summary>
    public async Task<string> Return(Uri callback)
    {
        using var completed = await Http.GetAsync(callback);
        Assert.Equal(HttpStatusCode.Redirect, completed.StatusCode);
        return completed.Headers.Location!.AbsoluteUri;
    }

    public Task<HttpResponseMessage> Post(string path, string? origin = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return Http.SendAsync(request);
    }

    public async Task<string> AccessToken()
    {
        using var reply = await Post("/api/auth/refresh");
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    public async Task<HttpResponseMessage> Get(string path, string? accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accessToken is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return await Http.SendAsync(request);
    }

    public async Task<JsonElement> Me()
    {
        using var reply = await Get("/api/me", await AccessToken());
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The code of a problem reply.</summary>
    public static async Task<string?> Code(HttpResponseMessage reply)
    {
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType?.MediaType);
        return (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
    }
}

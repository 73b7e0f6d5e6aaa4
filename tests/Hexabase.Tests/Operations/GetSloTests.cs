using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Operations;
using Hexabase.Functions.Accounts;
using Hexabase.Functions.Http;
using Hexabase.Functions.Operations;
using Hexabase.Tests.Support;
using Hexabase.Tests.Worker;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Operations;

/// <summary>What whom is told of how the service keeps its promises.</summary>
public sealed partial class GetSloTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly TemporaryDocumentStore documents = new();
    private WorkerApp? started;

    public async Task InitializeAsync()
    {
        var tally = new Tally(97, 3, new Dictionary<double, long> { [1] = 97, [20] = 3 });
        var hour = SloHour.Empty(SloHour.Of(DateTimeOffset.UtcNow))
            .With("other", 1, new Dictionary<string, Tally>(StringComparer.Ordinal) { ["small_run"] = tally });
        await documents.Commit(new DocumentBatch(Containers.Listings, SloHour.List).Create(SloHour.DocumentId(hour.Hour), hour), default);
        started = await WorkerApp.Start(
            builder =>
            {
                builder.Services.ConfigureHttpJsonOptions(json => DomainJson.Configure(json.SerializerOptions));
                // Without the service that listens: other tests measure in this process too.
                builder.Services.AddSingleton<IDocumentStore>(documents).AddSingleton<SloCounts>().AddSingleton<SloBook>();
                builder.Services.AddSingleton(new SiteAddresses(new Uri("http://localhost:7071"), [])).AddSingleton<IAccessTokens, OperatorsToken>();
                builder.Services.AddSiteCors();
                builder.Services.AddAuthentication(BearerAuthentication.SchemeName)
                    .AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, configureOptions: null);
                builder.Services.AddAuthorizationBuilder().AddPolicy(AccountsServices.OperatorPolicy, policy => policy.RequireAuthenticatedUser());
            },
            app => app.UseHttpEdge(),
            typeof(GetSloTrigger));
    }

    public async ValueTask DisposeAsync()
    {
        if (started is not null)
            await started.DisposeAsync();
        await documents.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task Anybody_reads_shares_and_percentiles_but_not_how_much_there_was()
    {
        var window = SmallRuns(await Get("*/*", token: null)).GetProperty("windows")[0];
        Assert.Equal(
            "window, since, state, good_share, p95_seconds, budget_left",
            string.Join(", ", window.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(
            ("met", 0.97m, 1.0),
            (window.GetProperty("state").GetString(), window.GetProperty("good_share").GetDecimal(), window.GetProperty("p95_seconds").GetDouble()));
    }

    [Fact]
    public async Task Operators_read_how_much_there_was_too()
    {
        var window = SmallRuns(await Get("application/json", token: "operator")).GetProperty("windows")[0];
        Assert.Equal((97L, 3L), (window.GetProperty("good").GetInt64(), window.GetProperty("bad").GetInt64()));
    }

    [Fact]
    public async Task A_browser_gets_a_page_that_runs_and_loads_nothing_and_may_use_its_own_style_only()
    {
        using var reply = await Send("text/html,application/xhtml+xml,*/*;q=0.8", token: null);
        var page = await reply.Content.ReadAsStringAsync();
        var style = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page.Split("<style>")[1].Split("</style>")[0])));

        Assert.Equal("text/html; charset=utf-8", reply.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            Assert.Single(reply.Headers.GetValues("Content-Security-Policy")));
        Assert.DoesNotMatch(Loading(), page);
        Assert.All(Objective.All, objective => Assert.Contains($"<h2>{objective.Promise}</h2>", page, StringComparison.Ordinal));
        Assert.Contains("1h ✓ met 97 % ≤ 1 s 40 %", Tags().Replace(page, " "), StringComparison.Ordinal);
    }

    /// <summary>What could make a browser load or run something.</summary>
    [GeneratedRegex("<script|<link|<img|<iframe|src=|href=|style=|url\\(|@import|\\son[a-z]+=", RegexOptions.IgnoreCase, 1_000)]
    private static partial Regex Loading();

    [GeneratedRegex("(<[^>]*>)+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Tags();

    private static JsonElement SmallRuns(string json) =>
        JsonElement.Parse(json).GetProperty("objectives").EnumerateArray().Single(o => o.GetProperty("objective").GetString() == "small_run");

    private async Task<string> Get(string accept, string? token)
    {
        using var reply = await Send(accept, token);
        Assert.Equal("application/json", reply.Content.Headers.ContentType?.MediaType);
        return await reply.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> Send(string accept, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/slo");
        request.Headers.Add("Accept", accept);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await started!.Http.SendAsync(request);
    }

    private sealed class OperatorsToken : IAccessTokens
    {
        public JsonWebKeySet PublicKeys => new([]);

        public string Issue(string accountId, string? verifiedEmail) => accountId;

        public ClaimsPrincipal? Verify(ReadOnlySpan<char> token) =>
            token is "operator" ? new(new ClaimsIdentity([new Claim(Caller.AccountIdClaim, "aop")], BearerAuthentication.SchemeName)) : null;
    }
}

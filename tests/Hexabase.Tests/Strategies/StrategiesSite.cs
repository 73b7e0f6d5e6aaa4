using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Datasets;
using Hexabase.Functions.Http;
using Hexabase.Functions.Strategies;
using Hexabase.Tests.Support;
using Hexabase.Worker;
using Hexabase.Worker.Discovery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Strategies;

/// <summary>The functions of strategies and datasets on a real port, with the catalog. An access token is the account's id.</summary>
internal sealed class StrategiesSite : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TemporaryDocumentStore documents;

    private StrategiesSite(WebApplication app, TemporaryDocumentStore documents)
    {
        (this.app, this.documents) = (app, documents);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public RecordedRuns Runs => (RecordedRuns)app.Services.GetRequiredService<IStartRun>();

    public static async Task<StrategiesSite> Start(SeededStores seeded)
    {
        var store = seeded.CopyDocuments();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["FUNCTIONS_CUSTOMHANDLER_PORT"] = "0";
        builder.AddFunctionsWorker(FunctionCatalog.Of(
            typeof(PublishStrategyTrigger), typeof(ForkStrategyTrigger), typeof(ListStrategiesTrigger), typeof(GetStrategyTrigger),
            typeof(UploadDatasetTrigger), typeof(ListDatasetsTrigger)));
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(json => DomainJson.Configure(json.SerializerOptions));
        builder.Services.AddSingleton<IDocumentStore>(store).AddSingleton<IBlobStore>(seeded.Blobs);
        builder.Services.AddSingleton(TestPlans.Product).AddSingleton(new ClientAddress(frontDoor: null));
        builder.Services.AddSingleton<IStartRun, RecordedRuns>().AddSingleton<IAccessTokens, AccountIdsAsTokens>();
        builder.Services.AddStrategies(seed: false).AddDatasets();
        builder.Services.AddAuthentication(BearerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, configureOptions: null);
        builder.Services.AddAuthorization();
        var site = builder.Build();
        site.UseProblemsForExceptions();
        site.UseRouting();
        site.UseBearerAuthentication();
        site.UseAuthorization();
        site.MapFunctions();
        await site.StartAsync();
        return new StrategiesSite(site, store);
    }

    /// <summary>A new account on a plan; the answer is its access token too.</summary>
    public Task<string> Account(PlanName plan = PlanName.Free) => documents.NewAccount(plan, DateTimeOffset.UtcNow);

    public Task<Reply> Get(string path, string? token = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, token, content: null, headers);

    public Task<Reply> Post(string path, string? token, object body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, token, body as HttpContent ?? JsonContent.Create(body), headers);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
        await documents.DisposeAsync();
    }

    private async Task<Reply> Send(
        HttpMethod method, string path, string? token, HttpContent? content, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var reply = await Http.SendAsync(request);
        var text = await reply.Content.ReadAsStringAsync();
        return new Reply(
            (int)reply.StatusCode,
            text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text),
            reply.Headers.ETag?.ToString(),
            reply.Headers.Location?.ToString(),
            reply.Headers.RetryAfter?.ToString());
    }

    /// <summary>An answer with its JSON; undefined when there is none.</summary>
    internal sealed record Reply(int Status, JsonElement Json, string? ETag, string? Location, string? RetryAfter)
    {
        public string? Text(string property) => Json.TryGetProperty(property, out var value) ? value.GetString() : null;

        /// <summary>Status, code and field of a problem.</summary>
        public (int Status, string? Code, string? Field) Problem => (Status, Text("code"), Text("field"));
    }

    private sealed class AccountIdsAsTokens : IAccessTokens
    {
        public JsonWebKeySet PublicKeys => new([]);

        public string Issue(string accountId, string? verifiedEmail) => accountId;

        public ClaimsPrincipal? Verify(ReadOnlySpan<char> token) =>
            new(new ClaimsIdentity([new Claim(Caller.AccountIdClaim, token.ToString())], BearerAuthentication.SchemeName));
    }
}

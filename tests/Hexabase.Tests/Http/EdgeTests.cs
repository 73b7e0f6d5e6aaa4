using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Messaging;
using Hexabase.Functions.Http;
using Hexabase.Functions.Platform;
using Hexabase.Tests.Worker;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Http;

/// <summary>What stands around every function, in the order of the product, with small functions behind it.</summary>
public sealed partial class EdgeTests : IAsyncLifetime, IAsyncDisposable
{
    private WorkerApp? started;

    private WorkerApp App => started!;

    public async Task InitializeAsync() => started = await Start("http://localhost:7071");

    public async ValueTask DisposeAsync()
    {
        if (started is not null)
            await started.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Theory]
    [InlineData("/open", "Bearer old")]
    [InlineData("/open", "Basic abc")]
    [InlineData("/signed-in", "Bearer old")]
    [InlineData("/no/such/address", "Bearer old")]
    public async Task A_token_that_is_not_in_force_is_refused_also_where_anonymous_callers_are_welcome(string path, string authorization)
    {
        using var reply = await Send(HttpMethod.Get, path, authorization);
        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\"", reply.Headers.WwwAuthenticate.ToString());
        Assert.Equal("UNAUTHENTICATED", (await Problem(reply)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("/open", null, "nobody")]
    [InlineData("/open", "Bearer good", "good")]
    [InlineData("/signed-in", "Bearer good", "good")]
    [InlineData("/api/auth/anything", "Bearer old", "nobody")]
    [InlineData("/hook", "Signature xyz", "nobody")]
    public async Task Sign_in_and_webhooks_do_without_a_token_and_everywhere_else_a_good_one_counts(string path, string? authorization, string who)
    {
        using var reply = await Send(HttpMethod.Get, path, authorization);
        Assert.Equal(who, await reply.Content.ReadFromJsonAsync<string>());
    }

    [Theory]
    [InlineData("dependency")]
    [InlineData("queue")]
    public async Task A_dependency_that_is_down_answers_503_with_the_time_to_wait_and_one_warning(string what)
    {
        using var reply = await Send(HttpMethod.Get, $"/fails?how={what}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, reply.StatusCode);
        Assert.Equal("5", reply.Headers.RetryAfter?.ToString());
        Assert.Equal("DEPENDENCY_UNAVAILABLE", (await Problem(reply)).GetProperty("code").GetString());
        Assert.Single(App.Log.All, line => line.Level == LogLevel.Warning);
        Assert.Empty(App.Log.Errors);
    }

    [Fact]
    public async Task A_fault_of_ours_is_logged_once_with_function_and_correlation_id_and_keeps_nothing_set_before()
    {
        using var reply = await Send(HttpMethod.Get, "/fails?how=bug", correlationId: "c-42");
        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
        Assert.Equal("c-42", (await Problem(reply)).GetProperty("correlation_id").GetString());
        Assert.Equal("c-42", Assert.Single(reply.Headers.GetValues(CorrelationId.Header)));
        Assert.Equal("no-store", reply.Headers.CacheControl?.ToString());
        Assert.Null(reply.Headers.ETag);
        Assert.False(reply.Headers.Contains("Set-Cookie"));
        var line = Assert.Single(App.Log.Errors);
        Assert.Equal(("Fails", "c-42"), (line.Scope["Function"], line.Scope["correlation_id"]));
    }

    [Fact]
    public async Task A_line_that_a_function_writes_carries_the_correlation_id()
    {
        using var reply = await Send(HttpMethod.Get, "/open", correlationId: "c-43");
        var line = Assert.Single(App.Log.All, line => line.Message == "Called");
        Assert.Equal(("Open", "c-43"), (line.Scope["Function"], line.Scope["correlation_id"]));
    }

    [Fact]
    public async Task A_refusal_keeps_no_tag_and_is_not_cached()
    {
        using var reply = await Send(HttpMethod.Get, "/fails?how=refusal");
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Equal("no-store", reply.Headers.CacheControl?.ToString());
        Assert.Null(reply.Headers.ETag);
    }

    [Theory]
    [InlineData("""{"name":"x"}""", HttpStatusCode.BadRequest, "INVALID_INPUT", "seed")]
    [InlineData("""{"name":"x","seed":"much"}""", HttpStatusCode.BadRequest, "INVALID_INPUT", "seed")]
    [InlineData("""{""", HttpStatusCode.BadRequest, "MALFORMED_REQUEST", null)]
    [InlineData("", HttpStatusCode.BadRequest, "MALFORMED_REQUEST", null)]
    [InlineData("""{"name":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","seed":1}""",
        HttpStatusCode.RequestEntityTooLarge, "BODY_TOO_LARGE", null)]
    public async Task A_body_that_does_not_fit_names_the_field_where_there_is_one(string body, HttpStatusCode status, string code, string? field)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await Send(HttpMethod.Post, "/body", content: content);
        var problem = await Problem(reply);
        Assert.Equal((status, code), (reply.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
        Assert.Empty(App.Log.Errors);
    }

    [Fact]
    public async Task A_body_of_another_type_answers_415()
    {
        using var content = new StringContent("name=x", Encoding.UTF8, "text/plain");
        using var reply = await Send(HttpMethod.Post, "/body", content: content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.StatusCode);
        Assert.Equal("UNSUPPORTED_MEDIA_TYPE", (await Problem(reply)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_address_without_a_function_answers_404_and_another_method_of_one_405()
    {
        using var nowhere = await Send(HttpMethod.Get, "/no/such/address");
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.Equal("ROUTE_NOT_FOUND", (await Problem(nowhere)).GetProperty("code").GetString());
        using var otherwise = await Send(HttpMethod.Delete, "/open");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, otherwise.StatusCode);
        Assert.Equal("METHOD_NOT_ALLOWED", (await Problem(otherwise)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("https://api.example.com", true)]
    [InlineData("http://localhost:7071", false)]
    public async Task Browsers_are_told_to_stay_with_HTTPS_where_they_reach_the_site_by_it(string address, bool told)
    {
        await using var site = await Start(address);
        using var reply = await site.Http.GetAsync(new Uri("/open", UriKind.Relative));
        Assert.Equal(told, reply.Headers.Contains("Strict-Transport-Security"));
    }

    private static Task<WorkerApp> Start(string publicBaseUrl) => WorkerApp.Start(
        builder =>
        {
            builder.Services.ConfigureHttpJsonOptions(json => DomainJson.Configure(json.SerializerOptions));
            builder.Services.AddSingleton(new SiteAddresses(new Uri(publicBaseUrl), [])).AddSingleton<IAccessTokens, OneGoodToken>();
            builder.Services.AddSiteCors();
            builder.Services.AddAuthentication(BearerAuthentication.SchemeName)
                .AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, configureOptions: null);
            builder.Services.AddAuthorization();
        },
        app => app.UseHttpEdge(),
        typeof(Open), typeof(SignedIn), typeof(SignInPage), typeof(Hook), typeof(Fails), typeof(TakesBody), typeof(PreflightTrigger));

    private async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, string? authorization = null, string? correlationId = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (authorization is not null)
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        if (correlationId is not null)
            request.Headers.Add(CorrelationId.Header, correlationId);
        return await App.Http.SendAsync(request);
    }

    private static async Task<JsonElement> Problem(HttpResponseMessage reply)
    {
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType?.MediaType);
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static IResult Who(ClaimsPrincipal user) => Results.Ok(user.AccountIdOrNull() ?? "nobody");

    internal sealed partial class Open(ILogger<Open> logger)
    {
        [Function("Open"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "open")] HttpRequest request, ClaimsPrincipal user)
        {
            LogCalled(logger);
            return Who(user);
        }

        [LoggerMessage(LogLevel.Information, "Called")]
        private static partial void LogCalled(ILogger logger);
    }

    internal sealed class SignedIn
    {
        [Function("SignedIn"), Authorize]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "signed-in")] HttpRequest request, ClaimsPrincipal user) =>
            Who(user);
    }

    internal sealed class SignInPage
    {
        [Function("SignInPage"), AllowAnonymous]
        public IResult Run(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/auth/{step}")] HttpRequest request, string step, ClaimsPrincipal user) =>
            Who(user);
    }

    internal sealed class Hook
    {
        [Function("Hook"), Webhook]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hook")] HttpRequest request, ClaimsPrincipal user) =>
            Who(user);
    }

    internal sealed class Fails
    {
        [Function("Fails"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fails")] HttpRequest request, string how)
        {
            var response = request.HttpContext.Response;
            response.Headers.ETag = "\"1\"";
            response.Headers.CacheControl = "public, max-age=300";
            response.Cookies.Append("c", "v");
            return how switch
            {
                "refusal" => Functions.Http.Problem.From(new InvalidInput("how", "Not so.")),
                "dependency" => throw new DependencyUnavailableException("It does not answer."),
                "queue" => throw new MessagingException("It does not answer.", isRejection: false),
                _ => throw new InvalidOperationException("A bug."),
            };
        }
    }

    internal sealed record Body(string Name, [property: JsonRequired] long Seed);

    internal sealed class TakesBody
    {
        [Function("TakesBody"), AllowAnonymous, RequestSizeLimit(64)]
        public IResult Run(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "body")] HttpRequest request, [FromBody] Body body) => Results.Ok(body);
    }

    private sealed class OneGoodToken : IAccessTokens
    {
        public JsonWebKeySet PublicKeys => new([]);

        public string Issue(string accountId, string? verifiedEmail) => accountId;

        public ClaimsPrincipal? Verify(ReadOnlySpan<char> token) =>
            token is "good" ? new(new ClaimsIdentity([new Claim(Caller.AccountIdClaim, "good")], BearerAuthentication.SchemeName)) : null;
    }
}

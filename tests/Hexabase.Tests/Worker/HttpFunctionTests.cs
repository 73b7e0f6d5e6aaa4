using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hexabase.Tests.Worker;

public sealed class HttpFunctionTests
{
    [Fact]
    public async Task Parameters_bind_as_those_of_a_minimal_API()
    {
        await using var app = await Start();
        using var reply = await app.Http.PutAsJsonAsync("/api/run/r%201?wait=20", new Order("x", 3));

        Assert.Equal("""{"id":"r 1","wait":20,"what":"x","count":3,"method":"PUT"}""", await reply.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/run/r1?wait=soon", "{}")]
    [InlineData("/api/run/r1?wait=1", "{")]
    [InlineData("/api/run/r1?wait=1", "")]
    public async Task Input_that_does_not_bind_is_a_400_and_no_failure_of_the_function(string path, string body)
    {
        await using var app = await Start();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var reply = await app.Http.PutAsync(new Uri(path, UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType!.MediaType);
        Assert.Empty(app.Log.Errors);
    }

    [Fact]
    public async Task An_exception_is_a_problem_document_and_is_logged_once_in_the_scope_of_the_function()
    {
        await using var app = await Start();
        using var reply = await app.Http.GetAsync(new Uri("/api/broken", UriKind.Relative));

        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
        var problem = await reply.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(500, problem.GetProperty("status").GetInt32());
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal("Broken", Assert.Single(app.Log.Errors).Scope["Function"]);
    }

    [Fact]
    public async Task Only_signed_in_callers_reach_an_authorized_function()
    {
        await using var app = await Start();
        using var anonymous = await app.Http.GetAsync(new Uri("/api/me", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me") { Headers = { { "Authorization", "Test ada" } } };
        using var signedIn = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal("application/problem+json", anonymous.Content.Headers.ContentType!.MediaType);
        Assert.Equal("\"ada\"", await signedIn.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_webhook_passes_a_policy_that_asks_for_signed_in_callers()
    {
        await using var app = await Start();
        using var reply = await app.Http.PostAsync(new Uri("/api/hooks/pay", UriKind.Relative), content: null);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Fact]
    public async Task A_preflight_is_answered_for_a_function()
    {
        await using var app = await Start();
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/run/r1")
        {
            Headers = { { "Origin", "https://app.example" }, { "Access-Control-Request-Method", "PUT" } },
        };
        using var reply = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, reply.StatusCode);
        Assert.Equal("https://app.example", Assert.Single(reply.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData(16, HttpStatusCode.OK)]
    [InlineData(17, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_function_sets_its_own_limit_for_bodies(int bytes, HttpStatusCode status)
    {
        await using var app = await Start();
        using var content = new ByteArrayContent(new byte[bytes]);
        using var reply = await app.Http.PostAsync(new Uri("/api/small", UriKind.Relative), content);

        Assert.Equal(status, reply.StatusCode);
    }

    [Fact]
    public async Task Every_invocation_has_an_instance_of_its_own_from_the_scope_of_its_request()
    {
        await using var app = await Start();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 3; i++)
            Assert.True(seen.Add(await app.Http.GetStringAsync(new Uri("/api/instance", UriKind.Relative))));

        Assert.Equal(3, Scoped.Disposed(seen));
    }

    [Fact]
    public async Task OpenApi_describes_a_function_with_its_route_parameters_and_body()
    {
        await using var app = await Start();
        using var document = JsonDocument.Parse(await app.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
        var paths = document.RootElement.GetProperty("paths");

        var run = paths.GetProperty("/api/run/{run_id}").GetProperty("put");
        Assert.Equal("PutRun", run.GetProperty("operationId").GetString());
        Assert.Equal(
            ["path run_id string", "query wait integer"],
            run.GetProperty("parameters").EnumerateArray().Select(p =>
                $"{p.GetProperty("in")} {p.GetProperty("name")} {TypeOf(p.GetProperty("schema"))}"));
        Assert.Equal(
            "#/components/schemas/Order",
            run.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString());
        Assert.Equal(
            ["count", "what"],
            document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Order").GetProperty("properties")
                .EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.False(paths.TryGetProperty("/OnMessage", out _));

        static string TypeOf(JsonElement schema) => schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } several
            ? several.EnumerateArray().Select(t => t.GetString()!).First(t => t is not "string")
            : schema.GetProperty("type").GetString()!;
    }

    [Fact]
    public Task A_parameter_that_cannot_bind_keeps_the_app_from_starting() =>
        Assert.ThrowsAsync<InvalidOperationException>(() => WorkerApp.Start(typeof(BodyOnGet)));

    /// <summary>Not called directly: the generator that would intercept the call stumbles over two projects with a Program class.</summary>
    private static readonly Func<IServiceCollection, IServiceCollection> AddOpenApi = OpenApiServiceCollectionExtensions.AddOpenApi;

    private static Task<WorkerApp> Start() => WorkerApp.Start(
        builder =>
        {
            AddOpenApi(builder.Services);
            builder.Services.AddScoped<Scoped>();
            builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins("https://app.example").AllowAnyMethod()));
            builder.Services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, TestAuthentication>("Test", _ => { });
            builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        },
        app =>
        {
            app.UseProblemsForExceptions();
            app.UseRouting();
            app.UseCors();
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapOpenApi().AllowAnonymous();
        },
        typeof(PutRun), typeof(Broken), typeof(Me), typeof(Hook), typeof(Small), typeof(Instance), typeof(OnMessage));

    internal sealed record Order(string What, int Count);

    internal sealed record Answer(string Id, int? Wait, string What, int Count, string Method);

    internal sealed class PutRun
    {
        [Function("PutRun"), AllowAnonymous]
        public async Task<IResult> Run(
            [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/run/{run_id}")] HttpRequest request,
            [FromRoute(Name = "run_id")] string id,
            [FromQuery] int? wait,
            [FromBody] Order order,
            CancellationToken ct)
        {
            await Task.Yield();
            ct.ThrowIfCancellationRequested();
            return Results.Ok(new Answer(id, wait, order.What, order.Count, request.Method));
        }
    }

    internal sealed class Broken
    {
        [Function("Broken"), AllowAnonymous]
        public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/broken")] HttpRequest request)
        {
            await Task.Yield();
            throw new InvalidOperationException("secret");
        }
    }

    [Authorize]
    internal sealed class Me
    {
        [Function("Me")]
        public string Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/me")] HttpRequest request, ClaimsPrincipal user) =>
            $"\"{user.Identity!.Name}\"";
    }

    internal sealed class Hook
    {
        [Function("Hook"), Webhook]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/hooks/pay")] HttpRequest request) => Results.Ok();
    }

    internal sealed class Small
    {
        [Function("Small"), AllowAnonymous, SmallBody]
        public async Task<long> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/small")] HttpRequest request, CancellationToken ct)
        {
            using var copy = new MemoryStream();
            await request.Body.CopyToAsync(copy, ct);
            return copy.Length;
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class SmallBodyAttribute : Attribute, IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 16;
    }

    internal sealed class Instance(Scoped scoped) : IDisposable
    {
        [Function("Instance"), AllowAnonymous]
        public string Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/instance")] HttpRequest request) =>
            ReferenceEquals(scoped, request.HttpContext.RequestServices.GetRequiredService<Scoped>()) ? scoped.Id : "another scope";

        public void Dispose() => scoped.FunctionDisposed();
    }

    internal sealed class BodyOnGet
    {
        [Function("BodyOnGet"), AllowAnonymous]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/body")] HttpRequest request, Order order) =>
            Results.Ok(order);
    }

    internal sealed class Scoped
    {
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> Ended = new(StringComparer.Ordinal);

        public string Id { get; } = Guid.NewGuid().ToString();

        public static int Disposed(IEnumerable<string> ids) => ids.Count(Ended.ContainsKey);

        public void FunctionDisposed() => Ended[Id] = true;
    }

    internal sealed class TestAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers.Authorization.ToString() is not ['T', 'e', 's', 't', ' ', .. var name])
                return Task.FromResult(AuthenticateResult.NoResult());
            var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], Scheme.Name));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(user, Scheme.Name)));
        }
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Hexabase.Domain.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Hexabase.Tests.Accounts;

/// <summary>
/// An identity provider on a free port, speaking OpenID Connect (<c>/token</c>, <c>/userinfo</c>) and GitHub's API (<c>/user</c>,
/// <c>/user/emails</c>). It is strict where real ones are: codes are good once, with their client, address and verifier.
/// </summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    public const string ClientId = "client-1";
    public const string ClientSecret = "client-secret-1";

    private readonly ConcurrentDictionary<string, (Uri Request, object Person)> codes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, object> tokens = new(StringComparer.Ordinal);
    private readonly WebApplication app;

    private FakeProvider(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single();

    /// <summary>Runs instead of the endpoint of a path when set.</summary>
    public ConcurrentDictionary<string, RequestDelegate> Misbehaves { get; } = new(StringComparer.Ordinal);

    public static async Task<FakeProvider> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        var provider = new FakeProvider(site);
        site.Use(next => context =>
            provider.Misbehaves.TryGetValue(context.Request.Path, out var instead) ? instead(context) : next(context));
        site.MapPost("/token", provider.Token);
        site.MapGet("/userinfo", (HttpRequest request) => provider.Person(request));
        site.MapGet("/user", (HttpRequest request) => provider.Person(request, "user"));
        site.MapGet("/user/emails", (HttpRequest request) => provider.Person(request, "emails"));
        await site.StartAsync();
        return provider;
    }

    /// <summary>The person signs in and consents; returns where the provider sends the browser.</summary>
    public Uri Consent(Uri authorizationRequest, object person)
    {
        var code = Guid.NewGuid().ToString("n");
        codes[code] = (authorizationRequest, person);
        return Answer(authorizationRequest, "code", code);
    }

    /// <summary>The provider sends the browser back without a code.</summary>
    public static Uri Refuse(Uri authorizationRequest, string error) => Answer(authorizationRequest, "error", error);

    public static object OpenId(string subject, string? email, bool verified = true, string? name = null) =>
        new JsonObject { ["sub"] = subject, ["email"] = email, ["email_verified"] = verified, ["name"] = name };

    public static object GitHub(long id, string login, JsonArray emails) => new JsonObject
    {
        ["user"] = new JsonObject { ["id"] = id, ["login"] = login, ["name"] = null, ["email"] = null },
        ["emails"] = emails,
    };

    public static JsonObject Email(string email, bool primary, bool verified) =>
        new() { ["email"] = email, ["primary"] = primary, ["verified"] = verified, ["visibility"] = "private" };

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static Uri Answer(Uri request, string name, string value)
    {
        var query = QueryHelpers.ParseQuery(request.Query);
        return new Uri(QueryHelpers.AddQueryString(query["redirect_uri"]!, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [name] = value,
            ["state"] = query["state"],
        }));
    }

    private async Task<IResult> Token(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (!codes.TryRemove(form["code"].ToString(), out var consent))
            return Results.BadRequest(new { error = "invalid_grant" });
        var asked = QueryHelpers.ParseQuery(consent.Request.Query);
        var isGitHub = asked.ContainsKey("login") || asked["scope"].ToString().Contains("read:user", StringComparison.Ordinal);
        var good = form["grant_type"] == "authorization_code"
            && form["redirect_uri"] == asked["redirect_uri"]
            && form["client_id"] == asked["client_id"]
            && (form["client_id"] == "hexabase-local" || form["client_secret"] == ClientSecret)
            && asked["code_challenge_method"] == "S256"
            && Pkce.Challenge(form["code_verifier"].ToString()) == asked["code_challenge"];
        if (!good)
        {
            // GitHub reports a refused code with status 200.
            var error = new { error = "invalid_grant" };
            return isGitHub ? Results.Ok(error) : Results.BadRequest(error);
        }
        var token = Guid.NewGuid().ToString("n");
        tokens[token] = consent.Person;
        return Results.Ok(new { access_token = token, token_type = "bearer" });
    }

    private IResult Person(HttpRequest request, string? part = null)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal) || !tokens.TryGetValue(header["Bearer ".Length..], out var person))
            return Results.Unauthorized();
        return request.Headers.UserAgent.Count == 0
            ? Results.StatusCode(StatusCodes.Status403Forbidden)
            : Results.Text((part is null ? (JsonNode)person : ((JsonObject)person)[part]!).ToJsonString(), "application/json");
    }
}

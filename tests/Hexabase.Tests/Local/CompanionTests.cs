using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hexabase.Local.Companions;
using Hexabase.Local.Functions;
using Hexabase.Local.ServiceBus;
using Hexabase.Local.Settings;
using Hexabase.Local.Timers;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hexabase.Tests.Local;

/// <summary>Azurite and the OAuth mock as the platform runs them. The first test of a clean checkout installs them.</summary>
public sealed class CompanionTests(CompanionFixture fixture) : IClassFixture<CompanionFixture>
{
    private const string Redirect = "http://localhost:1/callback";
    private readonly TestPlatform platform = fixture.Platform;

    private string Provider => Setting("Auth__Dev__Authority");

    [Fact]
    public void What_uses_a_part_stops_before_it()
    {
        var parts = platform.Services.GetServices<IHostedService>().ToList(); // stopped from the last to the first
        Type[] expected = [typeof(CompanionProcesses), typeof(FunctionAppProcess), typeof(ServiceBusBroker), typeof(TimerTriggers)];
        Assert.Equal(expected, parts.Select(p => p.GetType()).Where(expected.Contains));
    }

    [Fact]
    public async Task Whoever_the_hint_names_signs_in_and_several_people_can()
    {
        var (anna, bob) = (await Authorize("anna.lee@example.com", "verifier-of-anna-is-43-characters-long-------"), await Authorize("bob", null));
        var ofBob = await UserOf(await Redeem(bob, null));
        var ofAnna = await UserOf(await Redeem(anna, "verifier-of-anna-is-43-characters-long-------"));
        Assert.Equal(("anna.lee@example.com", "Anna Lee", true), ((string?)ofAnna["email"], (string?)ofAnna["name"], (bool?)ofAnna["email_verified"]));
        Assert.Equal("bob@localhost", (string?)ofBob["email"]);
        Assert.NotEqual((string?)ofAnna["sub"], (string?)ofBob["sub"], StringComparer.Ordinal);
        var later = await UserOf(await Redeem(await Authorize("ANNA.LEE@example.com", null), null));
        Assert.Equal((string?)ofAnna["sub"], (string?)later["sub"]);
    }

    [Fact]
    public async Task The_id_token_names_the_person_too()
    {
        var answer = await (await Redeem(await Authorize("cleo@example.com", null), null)).Content.ReadFromJsonAsync<JsonNode>();
        var claims = JsonNode.Parse(WebEncoders.Base64UrlDecode(((string)answer!["id_token"]!).Split('.')[1]))!;
        Assert.Equal(("cleo@example.com", Provider, "hexabase-local"), ((string?)claims["email"], (string?)claims["iss"], (string?)claims["aud"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another-verifier-that-is-long-enough-for-rfc-7636")]
    public async Task A_code_is_worth_nothing_without_its_verifier(string? verifier)
    {
        var code = await Authorize("anna@example.com", "verifier-of-anna-is-43-characters-long-------");
        using var answer = await Redeem(code, verifier);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_code_works_once()
    {
        var code = await Authorize("anna@example.com", null);
        using var first = await Redeem(code, null);
        using var second = await Redeem(code, null);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Who_is_called_denied_does_not_agree()
    {
        var back = await RedirectOf("denied@example.com", null);
        Assert.Equal(("access_denied", "s1", false), ((string?)back["error"], (string?)back["state"], back.ContainsKey("code")));
    }

    [Theory]
    [InlineData("v20.11.1", 20)]
    [InlineData("v9.0.0", 9)]
    [InlineData("node 20", null)]
    [InlineData("", null)]
    public void The_version_of_node_is_read(string text, int? major) => Assert.Equal(major, NodeRuntime.Major(text));

    private string Setting(string name) => platform.Services.GetRequiredService<AppSettings>()[name]!;

    private async Task<string> Authorize(string hint, string? verifier) => (string)(await RedirectOf(hint, verifier))["code"]!;

    private async Task<Dictionary<string, Microsoft.Extensions.Primitives.StringValues>> RedirectOf(string hint, string? verifier)
    {
        var query = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = "hexabase-local",
            ["redirect_uri"] = Redirect,
            ["scope"] = "openid email",
            ["state"] = "s1",
            ["login_hint"] = hint,
        };
        if (verifier is not null)
        {
            query["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
            query["code_challenge_method"] = "S256";
        }
        using var answer = await platform.Http.GetAsync(QueryHelpers.AddQueryString($"{Provider}/authorize", query));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.StartsWith(Redirect, answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(answer.Headers.Location.Query);
    }

    private async Task<HttpResponseMessage> Redeem(string code, string? verifier)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = Redirect,
            ["client_id"] = "hexabase-local",
            ["client_secret"] = "local",
        };
        if (verifier is not null)
            form["code_verifier"] = verifier;
        using var content = new FormUrlEncodedContent(form);
        return await platform.Http.PostAsync($"{Provider}/token", content);
    }

    private async Task<JsonNode> UserOf(HttpResponseMessage token)
    {
        var accessToken = (string)(await token.Content.ReadFromJsonAsync<JsonNode>())!["access_token"]!;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Provider}/userinfo") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", accessToken) } };
        using var answer = await platform.Http.SendAsync(request);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Microsoft.AspNetCore.WebUtilities;

namespace Hexabase.Adapters.OAuth;

/// <summary>A client registered at a provider.</summary>
/// <param name="Secret">Null for a public client, which PKCE alone protects.</param>
public sealed record OAuthClientCredentials(string Id, string? Secret);

/// <summary>
/// What all providers share: the request for consent, and the calls that follow it, the code for a token and the token for what the
/// provider knows. Nothing of them is logged, no redirect is followed, no answer beyond <see cref="MaxAnswerBytes"/> is read.
/// </summary>
/// <param name="http">Made by <see cref="NewHttpClient"/>.</param>
public sealed class OAuthClient(HttpClient http, TimeProvider clock)
{
    /// <summary>How long a person waits for all calls of one sign-in together.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public const int MaxAnswerBytes = 64 * 1024;

    /// <summary>A client with the limits above; to be kept for the life of the app.</summary>
    public static HttpClient NewHttpClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        MaxResponseContentBufferSize = MaxAnswerBytes,
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        // GitHub answers nobody without a name (docs.github.com/rest, "User agent required").
        DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("hexabase", "1") } },
    };

    /// <summary>
    /// Runs the calls of one sign-in within <see cref="Timeout"/>. What the provider does wrong becomes a refusal:
    /// silence and 5xx are <see cref="ProviderUnavailable"/>, the rest <see cref="SignInFailed"/>.
    /// </summary>
    public async Task<Result<ExternalIdentity>> Identify(
        string provider, Func<CancellationToken, Task<ExternalIdentity>> calls, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            return await calls(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return new ProviderUnavailable(provider);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return new SignInFailed(provider, "an answer is over the size limit");
        }
        catch (HttpRequestException)
        {
            return new ProviderUnavailable(provider);
        }
        catch (UnusableAnswerException e)
        {
            return e.Transient ? new ProviderUnavailable(provider) : new SignInFailed(provider, e.Message);
        }
    }

    /// <summary>Where consent is asked for (RFC 6749, 4.1.1, and RFC 7636, 4.3).</summary>
    /// <param name="loginHint">The provider's name for the parameter that says whom to offer.</param>
    internal static Uri AuthorizationAddress(
        Uri endpoint, OAuthClientCredentials client, AuthorizationRequest request, string scope, string loginHint) =>
        new(QueryHelpers.AddQueryString(endpoint.AbsoluteUri, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = client.Id,
            ["redirect_uri"] = request.Callback.AbsoluteUri,
            ["scope"] = scope,
            ["state"] = request.State,
            ["code_challenge"] = request.CodeChallenge,
            ["code_challenge_method"] = "S256",
            [loginHint] = request.LoginHint,
        }));

    /// <summary>Exchanges the code (RFC 6749, 4.1.3, and RFC 7636, 4.5) for an access token of the provider.</summary>
    internal async Task<string> ExchangeCode(
        Uri tokenEndpoint, OAuthClientCredentials client, AuthorizationGrant grant, CancellationToken ct)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["code"] = grant.Code,
            ["redirect_uri"] = grant.Callback.AbsoluteUri,
            ["client_id"] = client.Id,
            ["code_verifier"] = grant.CodeVerifier,
        };
        if (client.Secret is not null)
            form["client_secret"] = client.Secret;
        using var request = new HttpRequestMessage(HttpMethod.Post, tokenEndpoint) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.ParseAdd("application/json");
        using var answer = await Send(request, "the token endpoint", ct);
        // GitHub reports a refused code as 200 with "error", so the token's presence decides.
        return Text(answer.RootElement, "access_token") ?? throw new UnusableAnswerException("the token endpoint gave no access token");
    }

    /// <summary>Reads JSON with a provider's access token.</summary>
    internal async Task<JsonDocument> Get(Uri address, string accessToken, string accept, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Headers.Accept.ParseAdd(accept);
        return await Send(request, address.AbsolutePath, ct);
    }

    /// <summary>Null unless the property is a string that says something.</summary>
    internal static string? Text(JsonElement json, string property) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    /// <summary>True only for JSON's own true: a provider that writes anything else vouches for nothing.</summary>
    internal static bool IsTrue(JsonElement json, string property) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.True;

    private async Task<JsonDocument> Send(HttpRequestMessage request, string what, CancellationToken ct)
    {
        using var response = await http.SendAsync(request, ct);
        if (!response.IsSuccessStatusCode)
        {
            var transient = (int)response.StatusCode >= 500
                || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;
            throw new UnusableAnswerException($"{what} answered {(int)response.StatusCode}", response.StatusCode, transient);
        }
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        try
        {
            CheckTexts(body);
            return JsonDocument.Parse(body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new UnusableAnswerException($"{what} answered with something else than JSON");
        }
    }

    /// <summary>The parser leaves strings unread; one that is no Unicode text would surface later as somebody's mistake.</summary>
    /// <exception cref="InvalidOperationException">A string or a name is no Unicode text.</exception>
    private static void CheckTexts(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                _ = reader.GetString();
        }
    }
}

/// <summary>A provider answered, but not with what was asked for. The message holds nothing secret.</summary>
/// <param name="status">Null when the answer was a success in name.</param>
/// <param name="transient">Trying again later may help.</param>
internal sealed class UnusableAnswerException(string message, HttpStatusCode? status = null, bool transient = false) : Exception(message)
{
    public HttpStatusCode? Status { get; } = status;

    public bool Transient { get; } = transient;
}

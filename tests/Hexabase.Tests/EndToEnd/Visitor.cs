using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd;

/// <summary>A person with a browser: keeps cookies, follows redirects, signs in through the local provider.</summary>
public sealed class Visitor : IDisposable
{
    private readonly HttpClient http;
    private readonly Uri address;
    private readonly IPAddress own = new([127, .. RandomNumberGenerator.GetBytes(2), 7]);

    public Visitor(PlatformProcess platform)
    {
        address = platform.Address;
        http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), ConnectCallback = FromOwnAddress })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
        };
    }

    public string AccountId { get; private set; } = "";

    /// <summary>Sent with every post when set.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>W3C trace context, sent with every post when set.</summary>
    public string? TraceParent { get; set; }

    /// <summary>A visitor who may grant rights.</summary>
    public static async Task<Visitor> Operator(PlatformProcess platform)
    {
        var visitor = new Visitor(platform);
        await visitor.SignIn("operator@localhost");
        return visitor;
    }

    /// <summary>Signs up or in with an e-mail address as the identity.</summary>
    public async Task SignIn(string email)
    {
        using var landed = await http.GetAsync($"/api/auth/dev/start?redirect={Uri.EscapeDataString(address.ToString())}&login_hint={Uri.EscapeDataString(email)}");
        await Refresh();
        AccountId = (await Get("/api/me")).GetProperty("user").GetProperty("id").GetString()!;
    }

    public async Task Refresh()
    {
        using var reply = await http.PostAsync("/api/auth/refresh", null);
        var token = await Read(reply, HttpStatusCode.OK);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("access_token").GetString());
    }

    public async Task<JsonElement> Get(string path)
    {
        using var reply = await http.GetAsync(path);
        return await Read(reply, HttpStatusCode.OK);
    }

    /// <param name="knownETag">Sent as If-None-Match.</param>
    public async Task<HttpResponseMessage> GetReply(string path, string? knownETag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (knownETag is not null)
            request.Headers.Add("If-None-Match", knownETag);
        return await http.SendAsync(request);
    }

    public async Task<HttpResponseMessage> Post(string path, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body as HttpContent ?? JsonContent.Create(body) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (CorrelationId is not null)
            request.Headers.Add("X-Correlation-ID", CorrelationId);
        if (TraceParent is not null)
            request.Headers.Add("traceparent", TraceParent);
        return await http.SendAsync(request);
    }

    public async Task<JsonElement> PostFor(string path, object body, HttpStatusCode expected, string? key = null)
    {
        using var reply = await Post(path, body, key);
        return await Read(reply, expected);
    }

    public Task<HttpResponseMessage> Delete(string path) => http.DeleteAsync(path);

    public Task<JsonElement> Fork(string sid) => PostFor("/api/strategies/fork", new { sid }, HttpStatusCode.Created);

    /// <summary>Uploads candles; the ones that are there already are fine too.</summary>
    public async Task<JsonElement> Upload(string path, string csv)
    {
        using var content = new StringContent(csv, System.Text.Encoding.UTF8, "text/csv");
        using var reply = await http.PostAsync(path, content);
        return await Read(reply, HttpStatusCode.Created, HttpStatusCode.OK);
    }

    /// <summary>An operator's grant to another visitor.</summary>
    public Task Grant(Visitor to, object rights) =>
        PostFor($"/api/admin/accounts/{to.AccountId}/grants", rights, HttpStatusCode.OK, Guid.NewGuid().ToString());

    /// <summary>The run once it has finished.</summary>
    public Task<JsonElement> Finished(string runId) => Eventually.Holds(
        () => Get($"/api/run/{runId}?wait=20"),
        run => run.GetProperty("status").GetString() is "succeeded" or "failed",
        within: TimeSpan.FromMinutes(2));

    public void Dispose() => http.Dispose();

    /// <summary>Connects from an address of 127.0.0.0/8 that is this visitor's alone, as limits per client address expect.</summary>
    private async ValueTask<Stream> FromOwnAddress(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(own, 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="HttpRequestException">The answer is 5xx: the platform could not.</exception>
    private static async Task<JsonElement> Read(HttpResponseMessage reply, params HttpStatusCode[] expected)
    {
        var text = await reply.Content.ReadAsStringAsync();
        if (expected.Contains(reply.StatusCode))
            return text.Length == 0 ? default : JsonElement.Parse(text);
        var what = $"{reply.RequestMessage?.Method} {reply.RequestMessage?.RequestUri}: {(int)reply.StatusCode} instead of {(int)expected[0]}: {text}";
        throw reply.StatusCode >= HttpStatusCode.InternalServerError
            ? new HttpRequestException(what, inner: null, reply.StatusCode)
            : new Xunit.Sdk.XunitException(what);
    }
}

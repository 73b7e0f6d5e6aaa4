using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Hexabase.Local.Settings;
using Hexabase.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Local;

/// <summary>Point 2 of the checklist for a local host: match the route, forward, 404 otherwise.</summary>
public sealed class HttpForwardingTests(TestPlatformFixture fixture) : IClassFixture<TestPlatformFixture>
{
    private readonly TestPlatform platform = fixture.Platform;

    [Theory]
    [InlineData("GET", "/api/echo")]
    [InlineData("POST", "/api/echo/a%2Fb/%E6%97%A5?x=1&x=2&y=a%20b+c&empty=")]
    [InlineData("DELETE", "/api/echo/../echo/./z;v=1?q=%3F")]
    public async Task The_app_gets_method_path_and_query_as_they_were_sent(string method, string target)
    {
        using var answer = await Send(method, target);
        var seen = await Json(answer);
        Assert.Equal((method, target), ((string?)seen["method"], (string?)seen["url"]));
    }

    [Fact]
    public async Task The_app_gets_headers_and_body_as_they_were_sent()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/echo") { Content = new StringContent("körper", Encoding.UTF8, "text/x-own") };
        request.Headers.Add("X-Own", ["one", "two"]);
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var answer = await platform.Http.SendAsync(request);
        var seen = await Json(answer);
        Assert.Equal("körper", (string?)seen["body"]);
        Assert.Equal("text/x-own; charset=utf-8", Header(seen, "content-type"));
        Assert.Equal("one, two", Header(seen, "x-own"));
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Header(seen, "traceparent"));
        Assert.Equal($"127.0.0.1:{platform.Http.BaseAddress!.Port}", Header(seen, "host"));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(302)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task The_client_gets_the_app_s_status_and_headers(int status)
    {
        using var answer = await Send("GET", "/api/echo", ("x-status", $"{status}"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("yes", Assert.Single(answer.Headers.GetValues("x-app")));
    }

    [Fact]
    public async Task Each_request_has_one_fresh_invocation_id_whatever_the_client_says()
    {
        var ids = new HashSet<Guid>();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await Send("GET", "/api/echo", ("X-Azure-Functions-InvocationId", Guid.Empty.ToString()));
            Assert.True(ids.Add(Guid.Parse(Header(await Json(answer), "x-azure-functions-invocationid")!)));
        }
        Assert.DoesNotContain(Guid.Empty, ids);
    }

    [Fact]
    public async Task Who_the_client_is_comes_from_the_connection_not_from_the_client()
    {
        using var answer = await Send("GET", "/api/echo", ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Host", "evil"), ("X-Forwarded-Proto", "https"));
        var seen = await Json(answer);
        Assert.Equal("127.0.0.1", Header(seen, "x-forwarded-for"));
        Assert.Null(Header(seen, "x-forwarded-host"));
        Assert.Null(Header(seen, "x-forwarded-proto"));
    }

    [Theory]
    [InlineData("GET", "/nowhere")]
    [InlineData("GET", "/api/items/not-a-number")]
    [InlineData("POST", "/api/items/7")]
    [InlineData("GET", "/api/disabled")]
    public async Task What_fits_no_function_is_404(string method, string target)
    {
        using var answer = await Send(method, target);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("NOT_FOUND", (string?)(await Json(answer))["code"]);
    }

    [Fact]
    public async Task A_route_matches_by_its_constraints_and_methods()
    {
        using var answer = await Send("PUT", "/api/items/7");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory] // level, key sent, admitted
    [InlineData("/api/keyed", "none", false)]
    [InlineData("/api/keyed", "wrong", false)]
    [InlineData("/api/keyed", "function", true)]
    [InlineData("/api/keyed", "master", true)]
    [InlineData("/api/admin-only", "function", false)]
    [InlineData("/api/admin-only", "master", true)]
    public async Task A_function_with_a_key_opens_to_it_alone(string target, string key, bool admitted)
    {
        var secrets = platform.Services.GetRequiredService<LocalSecrets>();
        var value = key switch { "function" => secrets.FunctionKey, "master" => secrets.MasterKey, "wrong" => "x", _ => "" };
        var expected = admitted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;
        using var byHeader = value == "" ? await Send("GET", target) : await Send("GET", target, ("x-functions-key", value));
        using var byQuery = await Send("GET", $"{target}?code={Uri.EscapeDataString(value)}");
        Assert.Equal((expected, expected), (byHeader.StatusCode, byQuery.StatusCode));
    }

    [Fact]
    public async Task An_answer_streams()
    {
        using var answer = await platform.Http.GetAsync("/api/drip", HttpCompletionOption.ResponseHeadersRead);
        using var body = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("first", await body.ReadLineAsync());
        using var go = await Send("POST", "/api/drip"); // the app holds the rest back until now
        Assert.Equal("last", await body.ReadLineAsync());
    }

    [Fact]
    public async Task A_request_body_streams_chunked_ones_too()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, platform.Http.BaseAddress!.Port);
        var stream = client.GetStream();
        await stream.WriteAsync("POST /api/stream HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n"u8.ToArray());
        await stream.WriteAsync(new byte[0x10000]);
        await Eventually.Holds(async () => await BytesSeenByApp() > 0, "the app sees the beginning while the rest is not there yet");
        await stream.WriteAsync("\r\n5\r\nhello\r\n0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync());
        Assert.Equal(0x10000 + 5, await BytesSeenByApp());
    }

    [Fact]
    public async Task A_body_may_be_as_large_as_the_largest_dataset()
    {
        const long bytes = 256L * 1024 * 1024;
        using var content = new StreamContent(new Zeros(bytes));
        content.Headers.ContentLength = bytes;
        using var answer = await platform.Http.PostAsync("/api/echo", content);
        Assert.Equal(bytes, (long?)(await Json(answer))["length"]);
    }

    [Fact]
    public async Task A_body_over_the_limit_of_the_settings_is_413()
    {
        await using var strict = await TestPlatform.Start(("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "1000"));
        using var fits = await strict.Http.PostAsync("/api/echo", new ByteArrayContent(new byte[1_000]));
        using var over = await strict.Http.PostAsync("/api/echo", new ByteArrayContent(new byte[1_001]));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.RequestEntityTooLarge), (fits.StatusCode, over.StatusCode));
    }

    [Theory]
    [InlineData("mine-1", true)]
    [InlineData("not valid", false)]
    public async Task What_the_platform_answers_itself_carries_a_correlation_id(string sent, bool returned)
    {
        using var answer = await Send("GET", "/nowhere", ("X-Correlation-ID", sent));
        var id = Assert.Single(answer.Headers.GetValues("X-Correlation-ID"));
        Assert.Equal(returned, id == sent);
        Assert.Matches("^[A-Za-z0-9._-]{1,128}$", id);
    }

    private async Task<int> BytesSeenByApp()
    {
        using var answer = await Send("GET", "/api/stream");
        return (int)(await Json(answer))["seen"]!;
    }

    private async Task<HttpResponseMessage> Send(string method, string target, params (string Name, string Value)[] headers)
    {
        var asItIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var exact = new Uri(platform.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + target, asItIs);
        using var request = new HttpRequestMessage(new HttpMethod(method), exact);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await platform.Http.SendAsync(request);
    }

    private static async Task<JsonNode> Json(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonNode>())!;

    private static string? Header(JsonNode seen, string name) =>
        seen["headers"]![name] is { } values ? string.Join(", ", values.AsArray().Select(v => (string?)v)) : null;

    /// <summary>So many zero bytes, without the memory for them.</summary>
    private sealed class Zeros(long bytes) : Stream
    {
        private long left = bytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = (int)Math.Min(left, buffer.Length);
            buffer[..read].Clear();
            left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

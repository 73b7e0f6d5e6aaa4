using System.Collections.Concurrent;
using System.Text;
using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Kubernetes.Connection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Kubernetes;

/// <summary>A server that answers as it is told and remembers what it was asked; an adapter that talks to it.</summary>
internal sealed class ScriptedCluster : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly ConcurrentQueue<Asked> asked = new();

    private ScriptedCluster(WebApplication server) => this.server = server;

    public required KubernetesApi Api { get; init; }

    public IReadOnlyList<Asked> Asked => [.. asked];

    public KubernetesCluster Cluster(ClusterOptions? options = null) => new(Api, options ?? Samples.Options);

    /// <summary>Gives these answers one after the other, the last one again and again.</summary>
    public static Task<ScriptedCluster> Start(params Said[] answers)
    {
        var count = 0;
        return Start(_ => answers[Math.Min(Interlocked.Increment(ref count), answers.Length) - 1]);
    }

    public static async Task<ScriptedCluster> Start(Func<Asked, Said> answer, BearerTokens? tokens = null, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        ScriptedCluster? scripted = null;
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            var question = new Asked(
                http.Request.Method,
                http.Request.Path.Value + http.Request.QueryString,
                await reader.ReadToEndAsync(http.RequestAborted),
                http.Request.ContentType,
                http.Request.Headers.Authorization.ToString());
            scripted!.asked.Enqueue(question);
            await Write(http, answer(question));
        });
        await app.StartAsync();
        var connection = new ClusterConnection(
            new Uri(app.Urls.Single() + "/some/where/"), Tokens: tokens ?? BearerTokens.Always("secret"));
        return scripted = new ScriptedCluster(app) { Api = new KubernetesApi(connection, clock ?? TimeProvider.System) };
    }

    /// <summary>As when the cluster is gone.</summary>
    public Task Stop() => server.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await server.DisposeAsync();
    }

    private static async Task Write(HttpContext http, Said said)
    {
        http.Response.StatusCode = said.Status;
        http.Response.ContentType = "application/json";
        if (said.RetryAfter is not null)
            http.Response.Headers.RetryAfter = said.RetryAfter;
        if (said.Status == StatusCodes.Status302Found)
            http.Response.Headers.Location = "/elsewhere";
        await http.Response.WriteAsync(said.Body, http.RequestAborted);
    }
}

internal sealed record Asked(string Method, string FullPath, string Body, string? ContentType, string Authorization)
{
    /// <summary>Below the server's address, with its query.</summary>
    public string Path => FullPath.Replace("/some/where/", "", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Path}";
}

internal sealed record Said(int Status, string Body = "{}", string? RetryAfter = null)
{
    public static Said Ok(string body) => new(200, body);

    public static Said Refused(int code, string reason, string message = "no") => new(
        code, $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""");

    public static Said NotFound { get; } = Refused(404, "NotFound");
}

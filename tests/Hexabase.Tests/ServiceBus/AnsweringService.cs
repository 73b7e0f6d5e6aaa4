using System.Collections.Concurrent;
using System.Text;
using Hexabase.Adapters.ServiceBus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.ServiceBus;

/// <param name="Status">0 breaks the connection off once the request is there.</param>
internal sealed record Answer(int Status, string Body = "", string? RetryAfter = null);

internal sealed record ReceivedRequest(string Path, string? ContentType, string Authorization, string Body);

/// <summary>A Service Bus that gives the answers it was told to, the last one again and again.</summary>
internal sealed class AnsweringService(WebApplication server, ConcurrentQueue<ReceivedRequest> requests) : IAsyncDisposable
{
    public Uri Address { get; } = new(server.Urls.Single() + "/");

    public IReadOnlyList<ReceivedRequest> Requests => [.. requests];

    public static async Task<AnsweringService> Start(params Answer[] answers)
    {
        var requests = new ConcurrentQueue<ReceivedRequest>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Run(async http =>
        {
            using var body = new StreamReader(http.Request.Body, Encoding.UTF8);
            var (path, type, token) = (http.Request.Path, http.Request.ContentType, http.Request.Headers.Authorization.ToString());
            requests.Enqueue(new ReceivedRequest(path, type, token, await body.ReadToEndAsync()));
            var answer = answers[Math.Min(requests.Count, answers.Length) - 1];
            if (answer.Status == 0)
            {
                http.Abort();
                return;
            }
            http.Response.StatusCode = answer.Status;
            http.Response.Headers.RetryAfter = answer.RetryAfter;
            await http.Response.WriteAsync(answer.Body);
        });
        await server.StartAsync();
        return new AnsweringService(server, requests);
    }

    /// <summary>A sender with a shared access key.</summary>
    public ServiceBusSender NewSender(TimeProvider clock) =>
        new(ServiceBusConnection.Parse($"Endpoint={Address};SharedAccessKeyName=sender;SharedAccessKey=key"), clock);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

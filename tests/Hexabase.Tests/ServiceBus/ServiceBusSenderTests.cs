using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Domain.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.ServiceBus;

/// <summary>What the sender puts on the wire and how it takes each answer (service-bus-rest.md, sections 2 and 4).</summary>
public sealed class ServiceBusSenderTests
{
    [Fact]
    public async Task Messages_go_as_one_batch_with_everything_in_it()
    {
        await using var service = await Answering.Start(201);
        using var activity = new Activity("send").Start();
        var due = new DateTimeOffset(2026, 1, 15, 9, 0, 0, 1, TimeSpan.Zero);
        var properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["tenant"] = "t1" };
        await service.Send(
            new OutgoingMessage("m-1", "paid/0", "{\"a\":\"é\"}"u8.ToArray(), "c-1", "run", due),
            new OutgoingMessage("m-2", null, "{}"u8.ToArray(), "c-2", ApplicationProperties: properties));
        var request = Assert.Single(service.Requests);
        Assert.Equal("/runs/messages", request.Path);
        Assert.Equal("application/vnd.microsoft.servicebus.json", request.ContentType);
        Assert.StartsWith("SharedAccessSignature sr=http%3A%2F%2F127.0.0.1%3A", request.Authorization, StringComparison.Ordinal);
        Assert.Equal(
            """
            [{"Body":"{\"a\":\"é\"}","BrokerProperties":{"MessageId":"m-1","SessionId":"paid/0","CorrelationId":"c-1","Label":"run",
            "ContentType":"application/json","ScheduledEnqueueTimeUtc":"Thu, 15 Jan 2026 09:00:01 GMT"},
            "UserProperties":{"Diagnostic-Id":"TRACE"}},
            {"Body":"{}","BrokerProperties":{"MessageId":"m-2","CorrelationId":"c-2","ContentType":"application/json"},
            "UserProperties":{"tenant":"t1","Diagnostic-Id":"TRACE"}}]
            """.ReplaceLineEndings("").Replace("TRACE", activity.Id, StringComparison.Ordinal),
            request.Body);
    }

    [Fact]
    public async Task More_than_fits_goes_in_several_batches_in_order()
    {
        await using var service = await Answering.Start(201);
        var messages = Enumerable.Range(0, 10).Select(i => BusHost.Message($"{i}", body: new string('x', 60_000))).ToList();
        await service.Send([.. messages]);
        Assert.Equal(3, service.Requests.Count);
        Assert.All(service.Requests, r => Assert.True(r.Body.Length <= 250_000));
        var ids = service.Requests.SelectMany(r => JsonElement.Parse(r.Body).EnumerateArray())
            .Select(m => m.GetProperty("BrokerProperties").GetProperty("MessageId").GetString()!);
        Assert.Equal([.. messages.Select(m => m.MessageId)], [.. ids]);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_before_anything_is_sent()
    {
        await using var service = await Answering.Start(201);
        var e = await Assert.ThrowsAsync<MessagingException>(() => service.Send(
            BusHost.Message("small"), BusHost.Message("large", body: new string('x', 250_000))));
        Assert.False(e.IsTransient);
        Assert.Empty(service.Requests);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_transient_answer_is_tried_again_with_the_same_messages(int status)
    {
        await using var service = await Answering.Start(status, 201);
        await service.Send(BusHost.Message("m"));
        Assert.Equal(2, service.Requests.Count);
        Assert.Equal(service.Requests[0].Body, service.Requests[1].Body);
    }

    [Fact]
    public async Task After_three_retries_a_transient_answer_is_reported_as_such()
    {
        await using var service = await Answering.Start(503);
        var e = await Assert.ThrowsAsync<MessagingException>(() => service.Send(BusHost.Message("m")));
        Assert.True(e.IsTransient);
        Assert.Equal(4, service.Requests.Count);
    }

    [Fact]
    public async Task A_401_is_tried_once_more_with_a_new_token()
    {
        await using var service = await Answering.Start(401, 201);
        await service.Send(BusHost.Message("m"));
        Assert.Equal(2, service.Requests.Count);

        await using var closed = await Answering.Start(401);
        var e = await Assert.ThrowsAsync<MessagingException>(() => closed.Send(BusHost.Message("m")));
        Assert.False(e.IsTransient);
        Assert.Equal(2, closed.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_final_answer_is_not_tried_again(int status)
    {
        await using var service = await Answering.Start(status);
        var e = await Assert.ThrowsAsync<MessagingException>(() => service.Send(BusHost.Message("m")));
        Assert.False(e.IsTransient);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task No_answer_is_transient()
    {
        var service = await Answering.Start(201);
        await service.DisposeAsync();
        var e = await Assert.ThrowsAsync<MessagingException>(() => service.Send(BusHost.Message("m")));
        Assert.True(e.IsTransient);
    }

    /// <summary>A service that gives the answers it was told to, the last one again and again.</summary>
    private sealed class Answering(WebApplication server, ConcurrentQueue<Request> requests) : IAsyncDisposable
    {
        public IReadOnlyList<Request> Requests => [.. requests];

        private readonly ServiceBusSender sender = new(
            ServiceBusConnection.Parse($"Endpoint={server.Urls.Single()}/;SharedAccessKeyName=sender;SharedAccessKey=key"),
            TimeProvider.System);

        public Task Send(params OutgoingMessage[] messages) => sender.Send("runs", messages, CancellationToken.None);

        public static async Task<Answering> Start(params int[] statuses)
        {
            var requests = new ConcurrentQueue<Request>();
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var server = builder.Build();
            server.Run(async http =>
            {
                using var body = new StreamReader(http.Request.Body, Encoding.UTF8);
                var (path, type, token) = (http.Request.Path, http.Request.ContentType, http.Request.Headers.Authorization.ToString());
                requests.Enqueue(new Request(path, type, token, await body.ReadToEndAsync()));
                http.Response.StatusCode = statuses[Math.Min(requests.Count, statuses.Length) - 1];
            });
            await server.StartAsync();
            return new Answering(server, requests);
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }

    private sealed record Request(string Path, string? ContentType, string Authorization, string Body);
}

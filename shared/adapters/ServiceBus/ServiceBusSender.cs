using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Hexabase.Domain.Messaging;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>
/// Sends over the HTTP API of Service Bus, to Azure or to the local platform. Always in the batch form, which the service takes all
/// or nothing; several batches follow one another when there is too much for one. What passes by itself is tried again with the same
/// message ids for half a minute, so that a lost answer makes no second message.
/// </summary>
public sealed class ServiceBusSender : IMessageSender
{
    private const string Scope = "https://servicebus.azure.net/.default";
    private const string BatchContentType = "application/vnd.microsoft.servicebus.json";

    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(10);

    /// <summary>No try begins later than this after the first.</summary>
    private static readonly TimeSpan AllTries = TimeSpan.FromSeconds(30);

    private readonly HttpPipeline pipeline;
    private readonly Uri endpoint;
    private readonly TimeProvider clock;

    /// <param name="transport">How requests travel; null for a plain HTTP client.</param>
    public ServiceBusSender(ServiceBusConnection connection, TimeProvider clock, HttpPipelineTransport? transport = null)
    {
        (endpoint, this.clock) = (connection.Endpoint, clock);
        var options = new PipelineOptions { Retry = { MaxRetries = 0, NetworkTimeout = OneTry } };
        if (transport is not null)
            options.Transport = transport;
        pipeline = HttpPipelineBuilder.Build(options, new OnceMoreAfter401(() => connection switch
        {
            ServiceBusConnection.SharedAccess shared => new SasAuthenticationPolicy(new SasTokens(shared.KeyName, shared.Key, clock)),
            ServiceBusConnection.Identity identity => new BearerTokenAuthenticationPolicy(identity.Credential, Scope),
            _ => throw new ArgumentException("Unknown kind of connection.", nameof(connection)),
        }));
    }

    /// <inheritdoc/>
    public async Task Send(string queue, IReadOnlyList<OutgoingMessage> messages, CancellationToken ct)
    {
        foreach (var batch in MessageBatches.Write(messages))
            await SendBatch(queue, batch, ct);
    }

    private async Task SendBatch(string queue, ReadOnlyMemory<byte> batch, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            var answer = await Try(queue, batch, ct);
            if (answer.IsTaken)
                return;
            if (answer.WaitAfter(tries, Random.Shared.NextDouble()) is not { } wait || clock.GetElapsedTime(began) + wait > AllTries)
                throw answer.Failure(queue);
            await Task.Delay(wait, clock, ct);
        }
    }

    private async Task<SendAnswer> Try(string queue, ReadOnlyMemory<byte> batch, CancellationToken ct)
    {
        using var message = pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(new Uri(endpoint, $"{Uri.EscapeDataString(queue)}/messages"));
        message.Request.Headers.Add(HttpHeader.Names.ContentType, BatchContentType);
        message.Request.Content = RequestContent.Create(batch);
        try
        {
            await pipeline.SendAsync(message, ct);
            return SendAnswer.Of(message.Response, clock.GetUtcNow());
        }
        catch (AuthenticationFailedException e)
        {
            throw new MessagingException($"There is no token for queue '{queue}'.", isRejection: false, e);
        }
        catch (Exception e) when (e is RequestFailedException or HttpRequestException or IOException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return new SendAnswer(Status: 0, Cause: e);
        }
    }

    private sealed class PipelineOptions : ClientOptions;
}

using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Hexabase.Domain.Messaging;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>
/// Sends over the HTTP API of Service Bus, to Azure or to the local platform. Always in the batch form, which the service takes all
/// or nothing; several batches follow one another when there is too much for one.
/// </summary>
public sealed class ServiceBusSender : IMessageSender
{
    private const string Scope = "https://servicebus.azure.net/.default";
    private const string BatchContentType = "application/vnd.microsoft.servicebus.json";

    private readonly HttpPipeline pipeline;
    private readonly Uri endpoint;

    public ServiceBusSender(ServiceBusConnection connection, TimeProvider clock)
    {
        endpoint = connection.Endpoint;
        HttpPipelinePolicy authentication = connection switch
        {
            ServiceBusConnection.SharedAccess shared => new SasAuthenticationPolicy(new SasTokens(shared.KeyName, shared.Key, clock)),
            ServiceBusConnection.Identity identity => new BearerTokenAuthenticationPolicy(identity.Credential, Scope),
            _ => throw new ArgumentException("Unknown kind of connection.", nameof(connection)),
        };
        var options = new PipelineOptions { RetryPolicy = new RetryPolicy(ServiceBusRetry.MaxRetries, new ServiceBusRetry()) };
        pipeline = HttpPipelineBuilder.Build(options, authentication);
    }

    /// <inheritdoc/>
    public async Task Send(string queue, IReadOnlyList<OutgoingMessage> messages, CancellationToken ct)
    {
        foreach (var batch in MessageBatches.Write(messages))
            await SendBatch(queue, batch, ct);
    }

    private async Task SendBatch(string queue, ReadOnlyMemory<byte> batch, CancellationToken ct)
    {
        using var message = pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(new Uri(endpoint, $"{Uri.EscapeDataString(queue)}/messages"));
        message.Request.Headers.Add(HttpHeader.Names.ContentType, BatchContentType);
        message.Request.Content = RequestContent.Create(batch);
        try
        {
            await pipeline.SendAsync(message, ct);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or HttpRequestException or IOException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new MessagingException($"Queue '{queue}' did not answer.", isTransient: true, e);
        }
        if (message.Response is { IsError: true } or { Status: not 201 })
        {
            var status = message.Response.Status;
            throw new MessagingException(
                $"Queue '{queue}' answered {status}: {message.Response.Content}", ServiceBusRetry.IsTransient(status));
        }
    }

    private sealed class PipelineOptions : ClientOptions;
}

using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Runs;
using Hexabase.Worker;

namespace Hexabase.Functions.Runs;

public sealed partial class ExecuteRunTrigger(ExecuteRunHandler handler, ILogger<ExecuteRunTrigger> logger)
{
    /// <summary>
    /// Executes runs of one slot: one computation at a time in the order they came, while the results of the ones before are being stored.
    /// </summary>
    [Function("ExecuteRun")]
    public async Task Run(
        [ServiceBusTrigger(OutboxSender.Queue, IsSessionsEnabled = true, IsBatched = true)] IReadOnlyList<ServiceBusReceivedMessage> messages,
        CancellationToken ct)
    {
        var recordings = new List<Task>(messages.Count);
        foreach (var message in messages)
        {
            if (Read(message) is { } run && await handler.Execute(run, ct) is { } executed)
                recordings.Add(handler.Record(executed, ct));
        }
        await Task.WhenAll(recordings);
    }

    /// <summary>Null for a body that this product did not write; such a message would fail for ever and is dropped.</summary>
    private RunMessage? Read(ServiceBusReceivedMessage message)
    {
        try
        {
            return JsonSerializer.Deserialize<RunMessage>(message.Body, DomainJson.Options);
        }
        catch (JsonException e)
        {
            LogUnreadable(logger, e, message.MessageId);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageId} is no run message; it is dropped")]
    private static partial void LogUnreadable(ILogger logger, Exception e, string? messageId);
}

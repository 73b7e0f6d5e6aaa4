using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Runs;
using Hexabase.Worker;

namespace Hexabase.Functions.Runs;

public sealed partial class ExecuteRunTrigger(ExecuteRunHandler handler, UnreadableMessages unreadable, ILogger<ExecuteRunTrigger> logger)
{
    /// <summary>
    /// Executes runs of one slot: one computation at a time in the order they came, while the results of the ones before are being stored.
    /// </summary>
    [Function("ExecuteRun")]
    public async Task Run(
        [ServiceBusTrigger(OutboxSender.Queue, IsSessionsEnabled = true, IsBatched = true)]
        IReadOnlyList<ServiceBusReceivedMessage> messages,
        CancellationToken ct)
    {
        var recordings = new Dictionary<string, Task>(StringComparer.Ordinal);
        try
        {
            foreach (var message in messages)
                await Execute(message, recordings, ct);
        }
        finally
        {
            await Task.WhenAll(recordings.Values);
        }
    }

    private async Task Execute(ServiceBusReceivedMessage message, Dictionary<string, Task> recordings, CancellationToken ct)
    {
        if (await Read(message, ct) is not { } run)
            return;
        using var scope = logger.BeginScope(
            new KeyValuePair<string, object>[] { new("correlation_id", run.CorrelationId), new("run_id", run.RunId) });

        // The same run twice in one batch: the second finds it finished only once the first has been recorded.
        if (recordings.TryGetValue(run.RunId, out var earlier))
            await earlier;
        if (await handler.Execute(run, ct) is { } executed)
            recordings[run.RunId] = handler.Record(executed, ct);
    }

    /// <summary>Null for a body that this product did not write: it would fail for ever, so it is recorded and completed.</summary>
    private async Task<RunMessage?> Read(ServiceBusReceivedMessage message, CancellationToken ct)
    {
        string reason;
        try
        {
            var read = JsonSerializer.Deserialize<RunMessage>(message.Body, DomainJson.Options);
            if (read is { RunId: not null, CorrelationId: not null })
                return read;
            reason = "It lacks run_id or correlation_id.";
        }
        catch (JsonException e)
        {
            reason = e.Message;
        }
        LogUnreadable(logger, message.MessageId, reason);
        await unreadable.Record(OutboxSender.Queue, message.MessageId, message.Body.ToString(), reason, ct);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageId} is no run message: {Reason} It is recorded and completed")]
    private static partial void LogUnreadable(ILogger logger, string? messageId, string reason);
}

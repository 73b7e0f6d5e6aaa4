using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;
using Hexabase.Worker;

namespace Hexabase.Functions.Runs;

public sealed partial class ExecuteRunTrigger(
    ExecuteRunHandler runs, ExecuteSweepHandler sweeps, UnreadableMessages unreadable, ILogger<ExecuteRunTrigger> logger)
{
    /// <summary>Executes a run or a sweep. A slot is a session of the queue, which has one execution at a time, in the order of sending.</summary>
    [Function("ExecuteRun")]
    public async Task Run(
        [ServiceBusTrigger(OutboxSender.Queue, IsSessionsEnabled = true)] ServiceBusReceivedMessage message, CancellationToken ct)
    {
        if (await Read(message, ct) is not { } job)
            return;
        if (job.RunId is { } runId)
        {
            using var scope = ScopeOf(job.CorrelationId, "run_id", runId);
            await runs.Handle(job, ct);
        }
        else if (job.SweepId is { } sweepId)
        {
            using var scope = ScopeOf(job.CorrelationId, "sweep_id", sweepId);
            await sweeps.Handle(job, ct);
        }
    }

    private IDisposable? ScopeOf(string correlationId, string name, string id) =>
        logger.BeginScope(new KeyValuePair<string, object>[] { new("correlation_id", correlationId), new(name, id) });

    /// <summary>Null for a body that this product did not write: it would fail for ever, so it is recorded and completed.</summary>
    private async Task<JobMessage?> Read(ServiceBusReceivedMessage message, CancellationToken ct)
    {
        string reason;
        try
        {
            var read = JsonSerializer.Deserialize<JobMessage>(message.Body, DomainJson.Options);
            if (read is { RunId: not null, CorrelationId: not null } or { SweepId: not null, CorrelationId: not null })
                return read;
            reason = "It lacks run_id and sweep_id, or correlation_id.";
        }
        catch (JsonException e)
        {
            reason = e.Message;
        }
        LogUnreadable(logger, message.MessageId, reason);
        await unreadable.Record(OutboxSender.Queue, message.MessageId, message.Body.ToString(), reason, ct);
        return null;
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Message {MessageId} is neither of a run nor of a sweep: {Reason} It is recorded and completed")]
    private static partial void LogUnreadable(ILogger logger, string? messageId, string reason);
}

using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;
using Hexabase.Worker;

namespace Hexabase.Functions.Runs;

public sealed partial class ExecuteRunTrigger(
    ExecuteRunHandler runs,
    ExecuteSweepHandler sweeps,
    BatchTimes times,
    UnreadableMessages unreadable,
    TimeProvider clock,
    ILogger<ExecuteRunTrigger> logger)
{
    /// <summary>
    /// Executes runs and sweeps of one slot: one computation at a time in the order they came, while the results of the runs before are
    /// being stored. What the invocation has no time for any more goes to the end of the queue.
    /// </summary>
    [Function("ExecuteRun")]
    public async Task Run(
        [ServiceBusTrigger(OutboxSender.Queue, IsSessionsEnabled = true, IsBatched = true)]
        IReadOnlyList<ServiceBusReceivedMessage> messages,
        CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var recordings = new Dictionary<string, Task>(StringComparer.Ordinal);
        try
        {
            foreach (var message in messages)
            {
                if (await Read(message, ct) is { } job)
                    await Execute(job, isInTime: times.Fits(job, clock.GetElapsedTime(began)), recordings, ct);
            }
        }
        finally
        {
            await Task.WhenAll(recordings.Values);
        }
    }

    private async Task Execute(JobMessage job, bool isInTime, Dictionary<string, Task> recordings, CancellationToken ct)
    {
        if (job.RunId is { } runId)
        {
            using var scope = ScopeOf(job.CorrelationId, "run_id", runId);

            // The same run twice in one batch: the second finds it finished only once the first has been recorded.
            if (recordings.TryGetValue(runId, out var earlier))
                await earlier;
            if (!isInTime)
                await runs.PutOff(job, ct);
            else if (await runs.Execute(job, ct) is { } executed)
                recordings[runId] = runs.Record(executed, ct);
        }
        else if (job.SweepId is { } sweepId)
        {
            using var scope = ScopeOf(job.CorrelationId, "sweep_id", sweepId);
            await (isInTime ? sweeps.Handle(job, ct) : sweeps.PutOff(job, ct));
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

using Hexabase.Backtesting.Metrics;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;

namespace Hexabase.Domain.Runs;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    Queued,
    Running,
    Succeeded,
    Failed,
}

/// <summary>One backtest that was asked for. Document <c>run:{serial}</c> in its account's partition.</summary>
/// <param name="Version">The strategy's version whose code has <paramref name="CodeHash"/>.</param>
/// <param name="Queue">The lane that serves it.</param>
/// <param name="Charge">What paid for it.</param>
/// <param name="UsageMonth">Serial of the usage month that counts it; null for what is not counted by month.</param>
/// <param name="Attempt">How many times execution has begun.</param>
/// <param name="StartedAt">When its first try began.</param>
/// <param name="TraceParent">W3C trace context of the request that it came from.</param>
/// <param name="ResultPath">Blob of the result once succeeded; shared by runs of identical inputs.</param>
/// <param name="Metrics">The result's metrics once succeeded.</param>
/// <param name="Jws">Our signature of the result once succeeded; null for one from before results were signed.</param>
/// <param name="WatchUntil">When somebody should look whether it is stuck, ISO 8601 UTC; null once finished.</param>
public sealed record Run(
    string RunId,
    string Sid,
    int Version,
    long Seed,
    string CodeHash,
    string DatasetHash,
    RunStatus Status,
    Lane Queue,
    Charge Charge,
    int? UsageMonth,
    int Attempt,
    DateTimeOffset CreatedAt,
    string CorrelationId,
    string? WatchUntil,
    string? TraceParent,
    DateTimeOffset? StartedAt = null,
    DateTimeOffset? FinishedAt = null,
    string? ResultPath = null,
    BacktestMetrics? Metrics = null,
    JobFailure? Failure = null,
    string? Jws = null) : IQueuedJob<Run>
{
    /// <summary>Begins the ids of an account's runs; they sort by the time of asking.</summary>
    public const string IdPrefix = "run:";

    public bool IsFinished() => Status is RunStatus.Succeeded or RunStatus.Failed;

    public bool IsRunning() => Status == RunStatus.Running;

    public Run Begin(DateTimeOffset now) =>
        this with { Status = RunStatus.Running, Attempt = Attempt + 1, StartedAt = StartedAt ?? now };

    public Run PutBack() => this with { Status = RunStatus.Queued };

    public Run WatchAgain(string until) => this with { WatchUntil = until };

    public OutboxEntry SendAgain(string sessionId, string reason, DateTimeOffset now, DateTimeOffset? scheduledFor) =>
        Message($"{RunId}:{reason}", sessionId, now, scheduledFor);

    /// <summary>A message that executes it.</summary>
    public OutboxEntry Message(string messageId, string sessionId, DateTimeOffset now, DateTimeOffset? scheduledFor = null) =>
        OutboxEntry.For(RunId, sweepId: null, messageId, sessionId, CorrelationId, TraceParent, now, scheduledFor);

    public static string DocumentId(RunId id) => IdPrefix + id.Serial;

    /// <summary>A point read; null when there is no such run.</summary>
    public static ValueTask<Document<Run>?> Read(IDocumentStore documents, RunId id, CancellationToken ct) =>
        documents.Read<Run>(Containers.Accounts, id.Account, DocumentId(id), ct);
}

/// <summary>
/// The newest run of a strategy by its owner. Document <c>latest:{sid}</c> when it was accepted, <c>result:{sid}</c> when it
/// succeeded, both in the owner's partition.
/// </summary>
public sealed record LatestRun(string RunId)
{
    public static string AcceptedDocumentId(string sid) => $"latest:{sid}";

    public static string SucceededDocumentId(string sid) => $"result:{sid}";
}

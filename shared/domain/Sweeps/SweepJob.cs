using System.Text.Json;
using Hexabase.Backtesting.Sweeps.Results;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;

namespace Hexabase.Domain.Sweeps;

/// <summary>Where a sweep stands.</summary>
public enum SweepStatus
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>
/// One search over parameters that was asked for. Document <c>sweep:{serial}</c> in its account's partition; the search itself is
/// <see cref="SweepSearch"/>, since this document is written again as the sweep goes on.
/// </summary>
/// <param name="Version">The strategy's version whose code has <paramref name="CodeHash"/>.</param>
/// <param name="Queue">The lane that serves it.</param>
/// <param name="Paid">What paid for it, in the order of taking.</param>
/// <param name="UsageMonth">Serial of the usage month that counts it; null for what is not counted by month.</param>
/// <param name="Evaluations">How many backtests it takes.</param>
/// <param name="Evaluated">How many of them the present try has done, at most about a second ago.</param>
/// <param name="Attempt">How many times execution has begun.</param>
/// <param name="WatchUntil">When somebody should look whether it is stuck, ISO 8601 UTC; null once finished.</param>
/// <param name="TraceParent">W3C trace context of the request that it came from.</param>
/// <param name="CancelRequestedAt">When its owner asked a running one to stop.</param>
/// <param name="StartedAt">When its first try began.</param>
/// <param name="ResultPath">Blob of the result once succeeded.</param>
/// <param name="Best">The best parameters found, once succeeded; null when no set met the constraints.</param>
/// <param name="GivenBack">What of <paramref name="Paid"/> was given back at its end; null for nothing.</param>
public sealed record SweepJob(
    string SweepId,
    string Sid,
    int Version,
    string CodeHash,
    string DatasetHash,
    SweepStatus Status,
    Lane Queue,
    IReadOnlyList<PaidRuns> Paid,
    int? UsageMonth,
    int Evaluations,
    int Evaluated,
    int Attempt,
    DateTimeOffset CreatedAt,
    string CorrelationId,
    string? WatchUntil,
    string? TraceParent,
    DateTimeOffset? CancelRequestedAt = null,
    DateTimeOffset? StartedAt = null,
    DateTimeOffset? FinishedAt = null,
    string? ResultPath = null,
    BestSet? Best = null,
    JobFailure? Failure = null,
    IReadOnlyList<PaidRuns>? GivenBack = null) : IQueuedJob<SweepJob>
{
    /// <summary>Begins the ids of an account's sweeps; they sort by the time of asking.</summary>
    public const string IdPrefix = "sweep:";

    public bool IsFinished() => Status is SweepStatus.Succeeded or SweepStatus.Failed or SweepStatus.Cancelled;

    public bool IsRunning() => Status == SweepStatus.Running;

    public SweepJob Begin(DateTimeOffset now) =>
        this with { Status = SweepStatus.Running, Attempt = Attempt + 1, Evaluated = 0, StartedAt = StartedAt ?? now };

    public SweepJob PutBack() => this with { Status = SweepStatus.Queued, Evaluated = 0 };

    public SweepJob WatchAgain(string until) => this with { WatchUntil = until };

    public OutboxEntry SendAgain(string sessionId, string reason, DateTimeOffset now, DateTimeOffset? scheduledFor) =>
        Message($"{SweepId}:{reason}", sessionId, now, scheduledFor);

    /// <summary>A message that executes it.</summary>
    public OutboxEntry Message(string messageId, string sessionId, DateTimeOffset now, DateTimeOffset? scheduledFor = null) =>
        OutboxEntry.For(runId: null, SweepId, messageId, sessionId, CorrelationId, TraceParent, now, scheduledFor);

    public static string DocumentId(SweepId id) => IdPrefix + id.Serial;

    /// <summary>A point read; null when there is no such sweep.</summary>
    public static ValueTask<Document<SweepJob>?> Read(IDocumentStore documents, SweepId id, CancellationToken ct) =>
        documents.Read<SweepJob>(Containers.Accounts, id.Account, DocumentId(id), ct);
}

/// <summary>What a sweep looks for, as it was asked. Document <c>search:{serial}</c> in the account's partition, never changed.</summary>
public sealed record SweepSearch(JsonElement Search)
{
    public static string DocumentId(SweepId id) => $"search:{id.Serial}";
}

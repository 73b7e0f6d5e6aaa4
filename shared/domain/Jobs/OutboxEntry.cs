using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Jobs;

/// <summary>
/// A message that must reach the queue: written in the commit that makes it true, deleted once the queue has it. Document
/// <c>outbox:{message id}</c> in the account's partition.
/// </summary>
/// <param name="MessageId">Names this sending; a resend under the same id is dropped by the queue.</param>
/// <param name="RunId">What it starts: a run, or the sweep of <paramref name="SweepId"/>.</param>
/// <param name="ScheduledFor">Not before then; null for at once.</param>
/// <param name="OutboxDue">From when <c>ResendOutbox</c> sends it, ISO 8601 UTC: the ordinary way has been faster by then.</param>
/// <param name="TraceParent">W3C trace context of the request it came from.</param>
/// <param name="AcceptedAt">When the job was accepted that this is the first message of; null for later ones, and once it is counted as late.</param>
public sealed record OutboxEntry(
    string MessageId,
    string? RunId,
    string SessionId,
    string CorrelationId,
    string OutboxDue,
    DateTimeOffset? ScheduledFor = null,
    string? TraceParent = null,
    string? SweepId = null,
    DateTimeOffset? AcceptedAt = null)
{
    /// <summary>How long the ordinary sender has before <c>ResendOutbox</c> takes over.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public string DocumentId => $"outbox:{MessageId}";

    /// <summary>A message that starts a job, or starts it again; one of the two ids names the job.</summary>
    public static OutboxEntry For(
        string? runId,
        string? sweepId,
        string messageId,
        string sessionId,
        string correlationId,
        string? traceParent,
        DateTimeOffset now,
        DateTimeOffset? scheduledFor = null) =>
        new(messageId, runId, sessionId, correlationId, IndexedTime.Of(now + Grace), scheduledFor, traceParent, sweepId);
}

/// <summary>Takes entries that were just committed to the queue, in the background.</summary>
public interface IOutbox
{
    /// <summary>Never blocks and never fails: what does not get through here is sent by <c>ResendOutbox</c>.</summary>
    void Offer(string accountId, OutboxEntry entry);
}

/// <summary>
/// The body of a message of queue <c>runs</c>. Metadata can be forged by a body, so everything that matters is in here. It names a run or
/// a sweep.
/// </summary>
public sealed record JobMessage(string? RunId, string CorrelationId, string? TraceParent = null, string? SweepId = null);

using Hexabase.Domain.Documents;
using Hexabase.Domain.Sweeps;

namespace Hexabase.Domain.Runs;

/// <summary>
/// A message that must reach the queue: written in the commit that makes it true, deleted once the queue has it. Document
/// <c>outbox:{message id}</c> in the account's partition.
/// </summary>
/// <param name="MessageId">Names this sending; a resend under the same id is dropped by the queue.</param>
/// <param name="RunId">What it starts: a run, or the sweep of <paramref name="SweepId"/>.</param>
/// <param name="ScheduledFor">Not before then; null for at once.</param>
/// <param name="OutboxDue">From when the sweep sends it, ISO 8601 UTC: long enough for the ordinary way to have been faster.</param>
/// <param name="TraceParent">W3C trace context of the request it came from.</param>
public sealed record OutboxEntry(
    string MessageId,
    string? RunId,
    string SessionId,
    string CorrelationId,
    string OutboxDue,
    DateTimeOffset? ScheduledFor = null,
    string? TraceParent = null,
    string? SweepId = null)
{
    /// <summary>How long the ordinary sender has before the sweep takes over.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public string DocumentId => $"outbox:{MessageId}";

    /// <summary>The message that starts a run, or starts it again.</summary>
    public static OutboxEntry For(Run run, string sessionId, string messageId, DateTimeOffset now, DateTimeOffset? scheduledFor = null) =>
        new(messageId, run.RunId, sessionId, run.CorrelationId, IndexedTime.Of(now + Grace), scheduledFor, run.TraceParent);

    /// <summary>The message that starts a sweep, or starts it again.</summary>
    public static OutboxEntry For(
        SweepJob sweep, string sessionId, string messageId, DateTimeOffset now, DateTimeOffset? scheduledFor = null) =>
        new(messageId, null, sessionId, sweep.CorrelationId, IndexedTime.Of(now + Grace), scheduledFor, sweep.TraceParent, sweep.SweepId);
}

/// <summary>Takes entries that were just committed to the queue, in the background.</summary>
public interface IOutbox
{
    /// <summary>Never blocks and never fails: what does not get through here is sent by the sweep.</summary>
    void Offer(string accountId, OutboxEntry entry);
}

/// <summary>
/// The body of a message of queue <c>runs</c>. Metadata can be forged by a body, so everything that matters is in here. It names a run or
/// a sweep.
/// </summary>
public sealed record RunMessage(string? RunId, string CorrelationId, string? TraceParent = null, string? SweepId = null);

using Hexabase.Domain.Documents;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Jobs;

/// <summary>What all jobs share between acceptance and end: a try is claimed, and a new message brings a job to the queue again.</summary>
public sealed partial class JobQueue(
    IDocumentStore documents, IOutbox outbox, JobSlots slots, TimeProvider clock, ILogger<JobQueue> logger)
{
    /// <summary>Marks a job as running and counts the try. Null when there is nothing to do: unknown, finished, or ended instead.</summary>
    /// <param name="endInstead">Ends a job that is not to be tried any more; false for one that is.</param>
    public async Task<T?> Claim<T>(string accountId, string documentId, Func<T, Task<bool>> endInstead, CancellationToken ct)
        where T : class, IQueuedJob<T>
    {
        while (true)
        {
            var found = await documents.Read<T>(Containers.Accounts, accountId, documentId, ct);
            if (found is null)
            {
                LogUnknown(logger, documentId, accountId);
                return null;
            }
            if (found.Value.IsFinished() || await endInstead(found.Value))
                return null;
            var claimed = found.Value.Begin(clock.GetUtcNow());
            var batch = new DocumentBatch(Containers.Accounts, accountId).Replace(documentId, claimed, found.ETag);
            if ((await documents.Commit(batch, ct)).Succeeded)
                return claimed;
        }
    }

    /// <summary>Changes a job and brings it to the end of its slot's queue, in one commit.</summary>
    /// <param name="change">The job as it is to be; null to leave it as it is, and then nothing is sent.</param>
    /// <param name="reason">Names this sending among those of the job.</param>
    private async Task SendAgain<T>(
        string accountId, string documentId, Func<T, T?> change, string reason, CancellationToken ct, TimeSpan? delay = null)
        where T : class, IQueuedJob<T>
    {
        while (await documents.Read<T>(Containers.Accounts, accountId, documentId, ct) is { } found && change(found.Value) is { } changed)
        {
            var now = clock.GetUtcNow();
            var entry = changed.SendAgain(slots.SessionFor(changed.Queue, accountId), reason, now, now + delay);
            var batch = new DocumentBatch(Containers.Accounts, accountId)
                .Replace(documentId, changed, found.ETag)
                .Create(entry.DocumentId, entry);
            var committed = await documents.Commit(batch, ct);
            if (committed.Succeeded)
                outbox.Offer(accountId, entry);
            if (committed.Reason is null or CommitRefusal.AlreadyExists)
                return;
        }
    }

    /// <summary>Brings a job whose try has failed to its next one, after a wait; nothing when another try has taken over.</summary>
    /// <param name="attempt">Number of the try that failed.</param>
    public Task TryAgain<T>(string accountId, string documentId, int attempt, TimeSpan delay, CancellationToken ct)
        where T : class, IQueuedJob<T> => SendAgain<T>(
        accountId,
        documentId,
        job => job.IsRunning() && job.Attempt == attempt ? job.PutBack() : null,
        $"retry-{attempt}",
        ct,
        delay);

    /// <summary>Sends a job once more that nobody has heard of for long, and sets the time of the next look.</summary>
    public Task SendOverdue<T>(string accountId, string documentId, CancellationToken ct) where T : class, IQueuedJob<T>
    {
        var now = clock.GetUtcNow();
        return SendAgain<T>(
            accountId,
            documentId,
            job => job.IsFinished() ? null : job.WatchAgain(JobWatch.Next(job.CreatedAt, now)),
            $"watch-{now.ToUnixTimeSeconds()}",
            ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A message names {DocumentId} of {AccountId}, which does not exist; it is dropped")]
    private static partial void LogUnknown(ILogger logger, string documentId, string accountId);
}

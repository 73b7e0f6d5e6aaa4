using Hexabase.Domain.Documents;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Jobs;

/// <summary>
/// Sends unfinished runs and sweeps that nobody has heard of for long to the queue once more: their message was dead-lettered or lost. One
/// that is only waiting is not harmed: whichever message comes second finds it finished.
/// </summary>
public sealed partial class ResendStuckJobsHandler(
    IDocumentStore documents,
    IEnumerable<IJobEnding> endings,
    JobQueue queue,
    TimeProvider clock,
    ILogger<ResendStuckJobsHandler> logger)
{
    private const int PageSize = 100;

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    /// <returns>How many were looked at.</returns>
    public async Task<int> Handle(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var looked = 0;
        string? continuation = null;
        do
        {
            var page = await documents.Query<WatchedJob>(
                new IndexQuery(Containers.Accounts, Containers.RunWatch, IndexedTime.Of(now), PageSize, continuation), ct);
            foreach (var stuck in page.Items)
                await TryLook(stuck, now, ct);
            looked += page.Items.Count;
            continuation = page.Continuation;
        }
        while (continuation is not null);
        if (looked > 0)
            LogLooked(logger, looked);
        return looked;
    }

    private async Task TryLook(Document<WatchedJob> stuck, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            await Look(stuck, now, ct);
        }
#pragma warning disable CA1031 // It is in the log, the job stays overdue, and one job keeps no other from being looked at.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotLooked(logger, e, stuck.Id, stuck.Partition);
        }
    }

    private Task Look(Document<WatchedJob> stuck, DateTimeOffset now, CancellationToken ct)
    {
        var ending = endings.FirstOrDefault(kind => stuck.Id.StartsWith(kind.DocumentPrefix, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"Document {stuck.Id} holds neither a run nor a sweep.");
        return now - stuck.Value.CreatedAt > GiveUpAfter
            ? ending.GiveUp(stuck.Partition, stuck.Id[ending.DocumentPrefix.Length..], ct)
            : ending.SendAgain(queue, stuck.Partition, stuck.Id, ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} unfinished runs and sweeps were overdue")]
    private static partial void LogLooked(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Overdue {DocumentId} of {AccountId} could not be seen to")]
    private static partial void LogNotLooked(ILogger logger, Exception e, string documentId, string accountId);

    /// <summary>What the documents in the index have in common.</summary>
    private sealed record WatchedJob(DateTimeOffset CreatedAt);
}

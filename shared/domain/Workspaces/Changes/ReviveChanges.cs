using Hexabase.Domain.Documents;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Workspaces.Changes;

/// <param name="LookEvery">How often it is checked that an unfinished change has an orchestration that runs. Above zero.</param>
public sealed record ReviveOptions(TimeSpan LookEvery)
{
    public static ReviveOptions Default { get; } = new(TimeSpan.FromMinutes(5));
}

/// <summary>
/// Starts orchestrations again that are gone although their change is not finished: never started because of a crash, or given up by the
/// platform. They go on from what the change's document says.
/// </summary>
public sealed partial class ReviveChangesHandler(
    IDocumentStore documents, IWorkspaceSagas sagas, ReviveOptions options, TimeProvider clock, ILogger<ReviveChangesHandler> logger)
{
    private const int PageSize = 100;

    /// <returns>How many were started again.</returns>
    public async Task<int> Handle(CancellationToken ct)
    {
        var due = IndexedTime.Of(clock.GetUtcNow());
        var revived = 0;
        string? continuation = null;
        do
        {
            var page = await documents.Query<ChangeWatch>(
                new IndexQuery(Containers.Accounts, Containers.SagaWatch, due, PageSize, continuation), ct);
            foreach (var watch in page.Items)
                revived += await TryLook(watch, ct) ? 1 : 0;
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return revived;
    }

    private async Task<bool> TryLook(Document<ChangeWatch> watch, CancellationToken ct)
    {
        try
        {
            return await Look(watch, ct);
        }
#pragma warning disable CA1031 // It is in the log, the watch stays overdue, and one change keeps no other from being looked at.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotLooked(logger, e, watch.Value.ChangeId);
            return false;
        }
    }

    private async Task<bool> Look(Document<ChangeWatch> watch, CancellationToken ct)
    {
        if (!WorkspaceChangeId.TryParse(watch.Value.ChangeId, out var id))
            throw new InvalidOperationException($"Document {watch.Id} watches no change.");

        // Also one that the platform calls finished: the watch would be gone if the change were.
        var isGone = await sagas.Read(watch.Value.ChangeId, ct) != SagaState.Running;
        if (isGone)
        {
            await sagas.Start(id.Kind, watch.Value.ChangeId, ct);
            LogRevived(logger, watch.Value.ChangeId);
        }
        var later = ChangeWatch.At(id, clock.GetUtcNow() + options.LookEvery);
        await documents.Commit(new DocumentBatch(Containers.Accounts, id.Account).Replace(watch.Id, later, watch.ETag), ct);
        return isGone;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The orchestration of {ChangeId} was gone and is started again")]
    private static partial void LogRevived(ILogger logger, string changeId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The orchestration of {ChangeId} could not be looked after")]
    private static partial void LogNotLooked(ILogger logger, Exception e, string changeId);
}

using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Workspaces.Changes;

/// <summary>Another change of the workspace is not finished.</summary>
public sealed record ChangeUnderWay : Refusal
{
    public ChangeUnderWay(string running) : base(
        RefusalKind.Conflict, "CHANGE_UNDER_WAY", "Another change of the workspace is under way. Wait until it has finished.") =>
        Members = new Dictionary<string, object>(StringComparer.Ordinal) { ["running"] = running };
}

/// <summary>Who asks for a change, and how a repeat is known.</summary>
/// <param name="InputsHash">Of all that was asked for.</param>
public sealed record ChangeRequest(string AccountId, WorkspaceChangeKind Kind, string IdempotencyKey, string InputsHash);

/// <summary>A change that may begin.</summary>
/// <param name="Value">With one line of the audit trail.</param>
/// <param name="Workspace">The workspace as it is from now on.</param>
/// <param name="Detail">For the first line of the audit trail.</param>
public sealed record NewChange<T>(T Value, Workspace Workspace, string? Detail);

/// <summary>
/// How changes begin: ONE commit, on the condition that the workspace is as it was read, records change, watch, idempotency key and the
/// first line of the audit trail. The orchestration is started after it; if that fails, <see cref="ReviveChangesHandler"/> does.
/// </summary>
public sealed partial class NewChanges(
    IDocumentStore documents, Plans plans, IWorkspaceSagas sagas, ReviveOptions revive, TimeProvider clock, ILogger<NewChanges> logger)
{
    /// <param name="decide">The change of this id on this workspace, or why not; asked again when the workspace was changed meanwhile.</param>
    /// <returns>The change, the same one for a repeat; or why not.</returns>
    public async Task<Result<T>> Begin<T>(
        ChangeRequest request, Func<WorkspaceChangeId, Workspace, DateTimeOffset, Result<NewChange<T>>> decide, CancellationToken ct)
        where T : class, IWorkspaceChange<T>
    {
        while (true)
        {
            if (await IdempotencyRecord.Read(documents, request.AccountId, request.IdempotencyKey, ct) is { } record)
                return record.InputsHash == request.InputsHash ? await Known<T>(record, ct) : new IdempotencyKeyReused();
            var found = await documents.Read<Workspace>(Containers.Accounts, request.AccountId, Workspace.DocumentId, ct)
                ?? throw new InvalidOperationException($"Account {request.AccountId} has no workspace.");
            if (found.Value.RunningChange is { } running)
                return new ChangeUnderWay(running);
            var now = clock.GetUtcNow();
            var id = WorkspaceChangeId.New(request.Kind, request.AccountId, now);
            if (!decide(id, found.Value, now).Succeeded(out var change, out var refused))
                return refused;
            if ((await documents.Commit(Batch(request, id, change, found.ETag, now), ct)).Succeeded)
            {
                await TryStart(id, ct);
                return change.Value;
            }
        }
    }

    private DocumentBatch Batch<T>(ChangeRequest request, WorkspaceChangeId id, NewChange<T> change, string workspaceETag, DateTimeOffset now)
        where T : class, IWorkspaceChange<T>
    {
        var record = new IdempotencyRecord(RunId: null, request.InputsHash, ChangeId: id.ToString());
        var batch = new DocumentBatch(Containers.Accounts, id.Account)
            .Create(IdempotencyRecord.DocumentId(request.IdempotencyKey), record, TimeSpan.FromDays(plans.IdempotencyKeyDays))
            .Replace(Workspace.DocumentId, change.Workspace, workspaceETag)
            .Create(Journal.DocumentId<T>(id), change.Value)
            .Create(ChangeWatch.DocumentId(id.Serial), ChangeWatch.At(id, now + revive.LookEvery));
        return ChangeLogEntry.AddTo(
            batch,
            id.Serial,
            new ChangeLogEntry(id.ToString(), Number: 0, "asked", change.Detail, id.Account, now, change.Value.CorrelationId));
    }

    private async Task<T> Known<T>(IdempotencyRecord record, CancellationToken ct) where T : class, IWorkspaceChange<T> =>
        WorkspaceChangeId.TryParse(record.ChangeId, out var id)
            && await documents.Read<T>(Containers.Accounts, id.Account, Journal.DocumentId<T>(id), ct) is { } change
            ? change.Value
            : throw new InvalidOperationException("An idempotency record names no change of this kind.");

    private async Task TryStart(WorkspaceChangeId id, CancellationToken ct)
    {
        try
        {
            await sagas.Start(id.Kind, id.ToString(), ct);
        }
        catch (DependencyUnavailableException e)
        {
            LogNotStarted(logger, e, id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The orchestration of {ChangeId} could not be started now and is started later")]
    private static partial void LogNotStarted(ILogger logger, Exception e, WorkspaceChangeId changeId);
}

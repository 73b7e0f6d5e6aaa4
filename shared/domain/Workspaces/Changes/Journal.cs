using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.Changes;

/// <summary>A change after an event was put to it.</summary>
/// <param name="Value">As it stands now.</param>
/// <param name="Refusal">Why the event could not happen to it; null when it did, now or before.</param>
public sealed record Recorded<T>(T Value, string? Refusal);

/// <summary>What a transition changes beside the change itself.</summary>
/// <param name="Workspace">The workspace after it; null to leave it.</param>
/// <param name="AddTo">Adds further documents of the account to the commit; null for none.</param>
public sealed record SideEffects(Func<Workspace, Workspace>? Workspace = null, Action<DocumentBatch>? AddTo = null)
{
    public static SideEffects None { get; } = new();
}

/// <summary>
/// The one writer of changes: each transition is one commit of the change, its line of the audit trail and what changes with it, on the
/// condition that nobody has changed them since they were read. The commit that finishes a change also frees the workspace for the next.
/// </summary>
public sealed class Journal(IDocumentStore documents, TimeProvider clock)
{
    public ValueTask<Document<T>?> Read<T>(WorkspaceChangeId id, CancellationToken ct) where T : class, IWorkspaceChange<T> =>
        documents.Read<T>(Containers.Accounts, id.Account, DocumentId<T>(id), ct);

    /// <summary>Puts an event to a change that exists. Repeating it is harmless.</summary>
    /// <param name="apply">The transition function; asked again when somebody else was faster.</param>
    /// <param name="effects">What else the transition changes, given the change as it will be.</param>
    /// <param name="by">Account or operator that causes it; null for the saga.</param>
    /// <exception cref="InvalidOperationException">There is no such change, or its account has no workspace.</exception>
    public async Task<Recorded<T>> Record<T>(
        WorkspaceChangeId id,
        Func<T, DateTimeOffset, Transition<T>> apply,
        Func<T, SideEffects> effects,
        string? by,
        CancellationToken ct)
        where T : class, IWorkspaceChange<T>
    {
        while (true)
        {
            var found = await Read<T>(id, ct) ?? throw new InvalidOperationException($"There is no change {id}.");
            var now = clock.GetUtcNow();
            switch (apply(found.Value, now))
            {
                case Transition<T>.Refused refused:
                    return new Recorded<T>(found.Value, refused.Reason);
                case Transition<T>.Moved moved:
                    var next = moved.Next.WithLogLines(found.Value.LogLines + 1);
                    var batch = new DocumentBatch(Containers.Accounts, id.Account).Replace(found.Id, next, found.ETag);
                    ChangeLogEntry.AddTo(batch, id.Serial, Line(id, found.Value, moved, by, now));
                    await AddEffects(batch, id, next, effects(next), ct);
                    if ((await documents.Commit(batch, ct)).Succeeded)
                        return new Recorded<T>(next, Refusal: null);
                    break;
                default:
                    return new Recorded<T>(found.Value, Refusal: null);
            }
        }
    }

    public static string DocumentId<T>(WorkspaceChangeId id) where T : class, IWorkspaceChange<T> => T.IdPrefix + id.Serial;

    private static ChangeLogEntry Line<T>(WorkspaceChangeId id, T before, Transition<T>.Moved moved, string? by, DateTimeOffset now)
        where T : class, IWorkspaceChange<T> =>
        new(id.ToString(), before.LogLines, moved.Event, moved.Detail, by, now, before.CorrelationId);

    private async Task AddEffects<T>(DocumentBatch batch, WorkspaceChangeId id, T next, SideEffects effects, CancellationToken ct)
        where T : class, IWorkspaceChange<T>
    {
        effects.AddTo?.Invoke(batch);
        if (next.IsFinished())
            batch.Delete(ChangeWatch.DocumentId(id.Serial));
        if (effects.Workspace is null && !next.IsFinished())
            return;
        var found = await documents.Read<Workspace>(Containers.Accounts, id.Account, Workspace.DocumentId, ct)
            ?? throw new InvalidOperationException($"Account {id.Account} has no workspace.");
        var workspace = effects.Workspace?.Invoke(found.Value) ?? found.Value;
        if (next.IsFinished() && workspace.RunningChange == id.ToString())
            workspace = workspace with { RunningChange = null };
        if (workspace != found.Value)
            batch.Replace(found.Id, workspace, found.ETag);
    }
}

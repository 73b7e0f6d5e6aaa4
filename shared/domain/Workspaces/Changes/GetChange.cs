using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.Changes;

/// <summary>There is no such change of the caller's workspace.</summary>
public sealed record ChangeNotFound() : Refusal(RefusalKind.NotFound, "CHANGE_NOT_FOUND", "Your workspace has no such change.");

/// <summary>Asks how a change of the caller's workspace stands.</summary>
/// <param name="Wait">How long to wait for it to finish, or, with <paramref name="KnownETag"/>, for it to change.</param>
/// <param name="KnownETag">The version the caller has already.</param>
public sealed record GetChange(WorkspaceChangeKind Kind, string ChangeId, string AccountId, TimeSpan Wait, string? KnownETag);

/// <summary>Reads changes, for the owners of their workspaces.</summary>
public sealed class GetChangeHandler(Journal journal, LongPoll polls)
{
    /// <summary>The change with its version; after <see cref="GetChange.Wait"/> whatever it is then.</summary>
    public async Task<Result<Document<T>>> Handle<T>(GetChange ask, CancellationToken ct) where T : class, IWorkspaceChange<T>
    {
        if (!WorkspaceChangeId.TryParse(ask.ChangeId, out var id) || id.Kind != ask.Kind || id.Account != ask.AccountId)
            return new ChangeNotFound();
        var found = await polls.Read(
            () => journal.Read<T>(id, ct),
            found => found.Value.IsFinished() || (ask.KnownETag is not null && ask.KnownETag != found.ETag),
            ask.Wait,
            ct);
        return found is null ? new ChangeNotFound() : found;
    }
}

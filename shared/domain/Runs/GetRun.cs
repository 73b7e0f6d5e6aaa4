using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;

namespace Hexabase.Domain.Runs;

/// <summary>Asks how a run stands.</summary>
/// <param name="AccountId">Who asks; null for anybody.</param>
/// <param name="Wait">How long to wait for the run to finish, or, with <paramref name="KnownETag"/>, for anything to change.</param>
/// <param name="KnownETag">The version the caller has already.</param>
public sealed record GetRun(string RunId, string? AccountId, TimeSpan Wait, string? KnownETag);

/// <summary>A run that the caller may read.</summary>
/// <param name="IsOwner">The caller asked for it and paid; others do not see what concerns these only.</param>
public sealed record ReadableRun(Run Run, string ETag, bool IsOwner);

/// <summary>There is no such run, or the caller may not read it.</summary>
public sealed record RunNotFound() : Refusal(RefusalKind.NotFound, "RUN_NOT_FOUND", "There is no run with this id that you may read.");

/// <summary>Reads runs: the owner their own, others those of a strategy that is its owner's and public at present.</summary>
public sealed class GetRunHandler(IDocumentStore documents, LongPoll polls)
{
    /// <summary>The run with its version; after <see cref="GetRun.Wait"/> whatever it is then.</summary>
    public async Task<Result<ReadableRun>> Handle(GetRun ask, CancellationToken ct)
    {
        if (!RunId.TryParse(ask.RunId, out var id))
            return new RunNotFound();
        var isOwner = id.Account == ask.AccountId;

        // A stranger is not kept waiting for what they may not read.
        if (!isOwner && ask.Wait > TimeSpan.Zero && !(await Run.Read(documents, id, ct) is { } now && await IsPublic(now.Value, id, ct)))
            return new RunNotFound();
        var found = await polls.Read(() => Run.Read(documents, id, ct), found => IsToBeAnswered(found, ask), ask.Wait, ct);
        return found is not null && (isOwner || await IsPublic(found.Value, id, ct))
            ? new ReadableRun(found.Value, found.ETag, isOwner)
            : new RunNotFound();
    }

    private static bool IsToBeAnswered(Document<Run> found, GetRun ask) =>
        found.Value.IsFinished() || (ask.KnownETag is not null && ask.KnownETag != found.ETag);

    private async Task<bool> IsPublic(Run run, RunId id, CancellationToken ct) =>
        await Strategy.Read(documents, run.Sid, ct) is { Value: { Visibility: Visibility.Public } strategy }
        && strategy.OwnerId == id.Account;
}

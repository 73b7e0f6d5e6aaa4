using Hexabase.Domain.Blobs;

namespace Hexabase.Domain.Runs;

/// <summary>Asks for the result of a run.</summary>
/// <param name="AccountId">Who asks; null for anybody.</param>
/// <param name="KnownETag">The version the caller has already.</param>
public sealed record GetRunResult(string RunId, string? AccountId, string? KnownETag);

/// <summary>The stored result of a run.</summary>
/// <param name="Json">The bytes as they were stored; empty when the caller has this version.</param>
/// <param name="IsOwner">See <see cref="ReadableRun.IsOwner"/>.</param>
public sealed record RunResult(Run Run, ReadOnlyMemory<byte> Json, bool IsOwner)
{
    /// <summary>Its version, which never changes.</summary>
    public string ETag => Run.RunId;
}

/// <summary>The run has no result, yet or for good.</summary>
public sealed record ResultNotFound(RunStatus Status) : Refusal(
    RefusalKind.NotFound, "RESULT_NOT_FOUND", $"The run is {Status.ToString().ToLowerInvariant()} and has no result.");

/// <summary>The run had a result, and the store does not hold it any more.</summary>
public sealed record ResultLost() : Refusal(
    RefusalKind.NotFound, "RESULT_LOST", "The stored result of this run is gone. A new run of the same inputs brings the same bytes back.");

/// <summary>Reads the results of runs, for whoever may read the run.</summary>
public sealed class GetRunResultHandler(GetRunHandler runs, IBlobStore blobs)
{
    public async Task<Result<RunResult>> Handle(GetRunResult ask, CancellationToken ct)
    {
        var asked = await runs.Handle(new GetRun(ask.RunId, ask.AccountId, TimeSpan.Zero, KnownETag: null), ct);
        if (!asked.Succeeded(out var found, out var refusal))
            return refusal;
        if (found.Run.ResultPath is not { } path)
            return new ResultNotFound(found.Run.Status);
        var known = new RunResult(found.Run, ReadOnlyMemory<byte>.Empty, found.IsOwner);
        if (ask.KnownETag == known.ETag)
            return known;
        return await blobs.Read(path, ct) is { } json ? known with { Json = json } : new ResultLost();
    }
}

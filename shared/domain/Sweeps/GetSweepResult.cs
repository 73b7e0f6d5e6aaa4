using Hexabase.Domain.Blobs;

namespace Hexabase.Domain.Sweeps;

/// <summary>Asks for the result of a sweep of the caller's.</summary>
/// <param name="KnownETag">The version the caller has already.</param>
public sealed record GetSweepResult(string SweepId, string AccountId, string? KnownETag);

/// <summary>The stored result of a sweep.</summary>
/// <param name="ETag">Its version, which never changes.</param>
/// <param name="Json">The bytes as they were stored; empty when the caller has this version.</param>
public sealed record StoredSweepResult(string ETag, ReadOnlyMemory<byte> Json);

/// <summary>The sweep has no result, yet or for good.</summary>
public sealed record SweepResultNotFound(SweepStatus Status) : Refusal(
    RefusalKind.NotFound, "RESULT_NOT_FOUND", $"The sweep is {Status.ToString().ToLowerInvariant()} and has no result.");

/// <summary>The sweep had a result, and the store does not hold it any more.</summary>
public sealed record SweepResultLost() : Refusal(
    RefusalKind.NotFound, "RESULT_LOST", "The stored result of this sweep is gone. A new sweep of the same search brings it back.");

/// <summary>Reads the results of sweeps, for their owners.</summary>
public sealed class GetSweepResultHandler(GetSweepHandler sweeps, IBlobStore blobs)
{
    public async Task<Result<StoredSweepResult>> Handle(GetSweepResult ask, CancellationToken ct)
    {
        var asked = await sweeps.Handle(new GetSweep(ask.SweepId, ask.AccountId, TimeSpan.Zero, KnownETag: null), ct);
        if (!asked.Succeeded(out var found, out var refusal))
            return refusal;
        var sweep = found.Value;
        if (sweep.ResultPath is not { } path)
            return new SweepResultNotFound(sweep.Status);
        if (ask.KnownETag == sweep.SweepId)
            return new StoredSweepResult(sweep.SweepId, ReadOnlyMemory<byte>.Empty);
        return await blobs.Read(path, ct) is { } json ? new StoredSweepResult(sweep.SweepId, json) : new SweepResultLost();
    }
}

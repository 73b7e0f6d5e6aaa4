using System.Buffers;
using Hexabase.Backtesting.Proofs;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;

namespace Hexabase.Domain.Runs;

/// <summary>Asks for the proof of a run's result.</summary>
/// <param name="AccountId">Who asks; null for anybody.</param>
/// <param name="KnownETag">The version the caller has already.</param>
public sealed record GetProof(string RunId, string? AccountId, string? KnownETag);

/// <summary>The proof of a run's result.</summary>
/// <param name="ETag">Its version, which never changes.</param>
/// <param name="Json">A <see cref="ProofFile"/>; empty when the caller has this version.</param>
/// <param name="IsOwner">See <see cref="ReadableRun.IsOwner"/>.</param>
public sealed record RunProof(string ETag, ReadOnlyMemory<byte> Json, bool IsOwner);

/// <summary>The run has a result and no proof that the caller may have.</summary>
public sealed record ProofNotFound(string Why) : Refusal(RefusalKind.NotFound, "PROOF_NOT_FOUND", Why);

/// <summary>
/// Puts proofs together, for whoever may read the result. A proof shows the strategy: to others than the run's owner only while that is
/// what the strategy shows by itself, since an earlier version may never have been public.
/// </summary>
public sealed class GetProofHandler(GetRunResultHandler results, RunInputs inputs, IDocumentStore documents)
{
    public async Task<Result<RunProof>> Handle(GetProof ask, CancellationToken ct)
    {
        var asked = await results.Handle(new GetRunResult(ask.RunId, ask.AccountId, ask.KnownETag), ct);
        if (!asked.Succeeded(out var result, out var refusal))
            return refusal;
        if (result.Run.Jws is not { } jws)
            return new ProofNotFound("This run is from before results were signed. A new run of the same inputs has a proof.");
        if (!result.IsOwner && (await Strategy.Read(documents, result.Run.Sid, ct))?.Value.CodeHash != result.Run.CodeHash)
            return new ProofNotFound("The strategy has changed since this run. Its owner can still give you the proof.");
        var known = new RunProof(result.ETag, ReadOnlyMemory<byte>.Empty, result.IsOwner);
        if (ask.KnownETag == known.ETag)
            return known;
        if (await inputs.Code(result.Run.Sid, result.Run.Version, result.Run.CodeHash, ct) is not { } code)
            return new ProofNotFound("The strategy of this run was removed, and a proof needs it.");
        var json = new ArrayBufferWriter<byte>(result.Json.Length + 4_096);
        ProofFile.Write(json, result.Json.Span, jws, code);
        return known with { Json = json.WrittenMemory };
    }
}

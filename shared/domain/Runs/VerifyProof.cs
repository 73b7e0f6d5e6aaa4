using Hexabase.Backtesting.Proofs;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Runs;

/// <summary>Asks whether a proof holds.</summary>
/// <param name="Proof">The file; read once, up to <see cref="VerifyProofHandler.MostBytes"/>.</param>
public sealed record VerifyProof(string AccountId, Stream Proof);

/// <summary>The body is no proof.</summary>
public sealed record ProofMalformed : Refusal
{
    public ProofMalformed(ProofError error) : base(RefusalKind.Invalid, "PROOF_MALFORMED", error.Message) =>
        Field = error.Path.Length > 0 ? error.Path : null;
}

/// <summary>The body is longer than what is checked here.</summary>
public sealed record ProofTooLarge() : Refusal(
    RefusalKind.TooLarge,
    "PROOF_TOO_LARGE",
    $"Proofs of up to {VerifyProofHandler.MostBytes >> 20} MB are checked here. The command line checks larger ones.");

/// <summary>More proofs in a minute than one account may have checked.</summary>
public sealed record TooManyProofs : Refusal
{
    public TooManyProofs(TimeSpan wait) : base(
        RefusalKind.RateLimited,
        "RATE_LIMITED",
        $"At most {VerifyLimit.PerMinute} proofs a minute are checked for one account. The command line checks as many as you like.") =>
        RetryAfter = wait;
}

/// <summary>Checking it here takes too long.</summary>
public sealed record VerifyTimedOut(TimeSpan Limit) : Refusal(
    RefusalKind.Unprocessable,
    "VERIFY_TIMED_OUT",
    $"The proof could not be checked within {Limit.TotalSeconds} s. Check it with the command line, which waits as long as it takes.");

/// <summary>
/// Checks proofs with our own keys and engine. Only what was computed here before is run again, so that this is no way to run strategies
/// without paying for them; it was if we signed it, and if its inputs have a stored result, as those of a changed copy have.
/// </summary>
public sealed class VerifyProofHandler(
    IDocumentStore documents, IBlobStore blobs, RunInputs inputs, IResultSigner signer, VerifyLimit limit, RunExecutionOptions options)
    : IDisposable
{
    /// <summary>Longest proof: some 40,000 trades.</summary>
    public const int MostBytes = 8 << 20;

    /// <summary>How many are computed at once in this process; runs that were paid for need the machine too.</summary>
    private const int MostAtOnce = 2;

    private readonly KeyedLock accounts = new();
    private readonly SemaphoreSlim computing = new(MostAtOnce);

    public async Task<Result<Verdict>> Handle(VerifyProof ask, CancellationToken ct)
    {
        if (limit.TryTake(ask.AccountId) is { } wait)
            return new TooManyProofs(wait);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.Timeout);
        try
        {
            using var turn = await accounts.Enter(ask.AccountId, deadline.Token);
            using var file = new MemoryStream();
            using var limited = new LimitedStream(ask.Proof, MostBytes);
            await limited.CopyToAsync(file, deadline.Token);
            if (limited.Exceeded)
                return new ProofTooLarge();
            return await Compute(ask.AccountId, file.GetBuffer().AsMemory(0, (int)file.Length), deadline.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new VerifyTimedOut(options.Timeout);
        }
    }

    public void Dispose()
    {
        accounts.Dispose();
        computing.Dispose();
    }

    private async Task<Result<Verdict>> Compute(string accountId, ReadOnlyMemory<byte> file, CancellationToken deadline)
    {
        await computing.WaitAsync(deadline);
        try
        {
            return ProofFile.TryRead(file.Span, out var proof, out var error)
                ? await Check(accountId, proof, deadline)
                : new ProofMalformed(error);
        }
        finally
        {
            computing.Release();
        }
    }

    private async Task<Result<Verdict>> Check(string accountId, ProofFile proof, CancellationToken deadline)
    {
        if (await Dataset.ReadableBy(accountId, documents, proof.DatasetHash, deadline) is null)
            return new DatasetNotFound();
        var check = new ProofCheck(proof, signer.Keys);
        if (!check.IsSigned && await StoredResult.Read(documents, InputsOf(proof), deadline) is null)
            return check.WithoutRerun("NOT_COMPUTED_HERE", "This strategy was never run on these candles with this seed here.");

        using var memory = await inputs.Reserve(proof.DatasetHash, deadline);
        return await blobs.Read(Dataset.BlobPath(proof.DatasetHash), deadline) is { } candles
            ? await check.Against(candles, deadline)
            : new DatasetNotFound();
    }

    private static string InputsOf(ProofFile proof) => StoredResult.Fingerprint(proof.CodeHash, proof.DatasetHash, proof.Seed);
}

using System.Collections.Concurrent;
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

/// <summary>Another proof of the same account is being checked.</summary>
public sealed record VerifyInProgress : Refusal
{
    public VerifyInProgress() : base(
        RefusalKind.RateLimited, "VERIFY_IN_PROGRESS", "One proof at a time is checked for one account. Try again when it is done.") =>
        RetryAfter = VerifyProofHandler.Pause;
}

/// <summary>As many proofs as this process checks at once are being checked.</summary>
public sealed record VerifyBusy : Refusal
{
    public VerifyBusy() : base(
        RefusalKind.Unavailable, "VERIFY_BUSY", "Others have proofs checked just now. Try again shortly, or use the command line.") =>
        RetryAfter = VerifyProofHandler.Pause;
}

/// <summary>Checking it here takes too long.</summary>
public sealed record VerifyTimedOut(TimeSpan Limit) : Refusal(
    RefusalKind.Unprocessable,
    "VERIFY_TIMED_OUT",
    $"The proof could not be checked within {Limit.TotalSeconds} s. Check it with the command line, which waits as long as it takes.");

/// <summary>
/// Checks proofs with our own keys and engine. Only what was computed here before is run again, so that this is no way to run strategies
/// without paying for them; it was if we signed it, and if its inputs have a stored result, as those of a changed copy have. Nobody waits
/// for others: who comes while all places are taken is refused. Verdicts are remembered, so that the same file again needs no place.
/// </summary>
public sealed class VerifyProofHandler(
    IDocumentStore documents, IBlobStore blobs, RunInputs inputs, IResultSigner signer, VerifyLimit limit, RunExecutionOptions options)
    : IDisposable
{
    /// <summary>Longest proof: some 40,000 trades.</summary>
    public const int MostBytes = 8 << 20;

    /// <summary>How many files are in memory at once in this process, those included that are still on their way.</summary>
    internal const int MostHeld = 16;

    /// <summary>How many are computed at once in this process; runs that were paid for need the machine too.</summary>
    private const int MostAtOnce = 2;

    /// <summary>After this long trying again is worth it; as often as <see cref="VerifyLimit"/> lets one account.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(1) / VerifyLimit.PerMinute;

    private readonly ConcurrentDictionary<string, bool> accounts = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim held = new(MostHeld);
    private readonly SemaphoreSlim computing = new(MostAtOnce);
    private readonly KnownVerdicts known = new();

    public async Task<Result<Verdict>> Handle(VerifyProof ask, CancellationToken ct)
    {
        if (!accounts.TryAdd(ask.AccountId, true))
            return new VerifyInProgress();
        try
        {
            return limit.TryTake(ask.AccountId) is { } wait ? new TooManyProofs(wait) : await WithinDeadline(ask, ct);
        }
        finally
        {
            accounts.TryRemove(ask.AccountId, out _);
        }
    }

    public void Dispose()
    {
        held.Dispose();
        computing.Dispose();
        known.Dispose();
    }

    private async Task<Result<Verdict>> WithinDeadline(VerifyProof ask, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.Timeout);
        try
        {
            return await IfFree(held, () => Read(ask, deadline.Token), deadline.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new VerifyTimedOut(options.Timeout);
        }
    }

    private async Task<Result<Verdict>> Read(VerifyProof ask, CancellationToken deadline)
    {
        using var content = new MemoryStream();
        using var limited = new LimitedStream(ask.Proof, MostBytes);
        await limited.CopyToAsync(content, deadline);
        if (limited.Exceeded)
            return new ProofTooLarge();
        var file = content.GetBuffer().AsMemory(0, (int)content.Length);
        var key = KnownVerdicts.KeyOf(file.Span, signer.Keys);
        if (known.Find(key) is not { } found)
            return await IfFree(computing, () => Check(ask.AccountId, file, key, deadline), deadline);
        return await IsReadable(ask.AccountId, found.DatasetHash, deadline) ? found.Verdict : new DatasetNotFound();
    }

    private async Task<Result<Verdict>> Check(
        string accountId, ReadOnlyMemory<byte> file, KnownVerdicts.Key key, CancellationToken deadline)
    {
        if (!ProofFile.TryRead(file.Span, out var proof, out var error))
            return new ProofMalformed(error);
        if (!await IsReadable(accountId, proof.DatasetHash, deadline))
            return new DatasetNotFound();
        var check = new ProofCheck(proof, key.Keys);
        if (!check.IsSigned && await StoredResult.Read(documents, InputsOf(proof), deadline) is null)
            return check.WithoutRerun("NOT_COMPUTED_HERE", "This strategy was never run on these candles with this seed here.");

        using var memory = await inputs.Reserve(proof.DatasetHash, deadline);
        if (await blobs.Read(Dataset.BlobPath(proof.DatasetHash), deadline) is not { } candles)
            return new DatasetNotFound();
        var verdict = await check.Against(candles, deadline);
        known.Remember(key, proof.DatasetHash, verdict);
        return verdict;
    }

    private async Task<bool> IsReadable(string accountId, string datasetHash, CancellationToken ct) =>
        await Dataset.ReadableBy(accountId, documents, datasetHash, ct) is not null;

    private static async Task<Result<Verdict>> IfFree(SemaphoreSlim places, Func<Task<Result<Verdict>>> work, CancellationToken ct)
    {
        if (!await places.WaitAsync(TimeSpan.Zero, ct))
            return new VerifyBusy();
        try
        {
            return await work();
        }
        finally
        {
            places.Release();
        }
    }

    private static string InputsOf(ProofFile proof) => StoredResult.Fingerprint(proof.CodeHash, proof.DatasetHash, proof.Seed);
}

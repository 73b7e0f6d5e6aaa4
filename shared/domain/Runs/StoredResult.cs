using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Proofs;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Runs;

/// <summary>
/// Where the result of given inputs is stored. Results are functions of their inputs, so a run of the same inputs, by whomever, is answered
/// from here without computing. Document <see cref="DocumentId"/> in the partition of the inputs' fingerprint.
/// </summary>
/// <param name="Jws">Our signature of the result; null for one from before results were signed.</param>
public sealed record StoredResult(string ResultPath, BacktestMetrics Metrics, string? Jws = null)
{
    public const string DocumentId = "result";

    /// <summary>The signature is by one of these keys: it can still be checked.</summary>
    public bool IsSignedBy(VerificationKeys keys) => Jws is not null && DetachedJws.TryParse(Jws, out var jws) && keys.Has(jws.KeyId);

    /// <summary>SHA-256 over everything that determines a result, 64 lower-case hex digits.</summary>
    public static string Fingerprint(string codeHash, string datasetHash, long seed) =>
        Sha256Hex.Of($"{codeHash}\n{datasetHash}\n{seed}\n{EngineVersion.Current}");

    /// <summary>A point read; null when these inputs were never computed.</summary>
    public static async ValueTask<StoredResult?> Read(IDocumentStore documents, string fingerprint, CancellationToken ct) =>
        (await documents.Read<StoredResult>(Containers.Results, fingerprint, DocumentId, ct))?.Value;

    /// <summary>Where the result of a run goes that is the first with its inputs.</summary>
    public static string PathFor(Run run) => $"results/{run.Sid}/{run.RunId}.json";

    /// <summary>Records the result of these inputs; a later one is the same but for its signature.</summary>
    public static async Task Remember(IDocumentStore documents, Run run, StoredResult result, CancellationToken ct) =>
        await documents.Commit(
            new DocumentBatch(Containers.Results, Fingerprint(run.CodeHash, run.DatasetHash, run.Seed)).Upsert(DocumentId, result), ct);
}

using Hexabase.Backtesting;
using Hexabase.Backtesting.Metrics;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Runs;

/// <summary>
/// Where the result of given inputs is stored. Results are functions of their inputs, so a run of the same inputs, by whomever, is answered
/// from here without computing. Document <see cref="DocumentId"/> in the partition of the inputs' fingerprint.
/// </summary>
public sealed record StoredResult(string ResultPath, BacktestMetrics Metrics)
{
    public const string DocumentId = "result";

    /// <summary>SHA-256 over everything that determines a result, 64 lower-case hex digits.</summary>
    public static string Fingerprint(string codeHash, string datasetHash, long seed) =>
        Sha256Hex.Of($"{codeHash}\n{datasetHash}\n{seed}\n{EngineVersion.Current}");

    /// <summary>Where the result of a run goes that is the first with its inputs.</summary>
    public static string PathFor(Run run) => $"results/{run.Sid}/{run.RunId}.json";

    /// <summary>Records the first result of these inputs; a later one is the same and changes nothing.</summary>
    public static async Task Remember(
        IDocumentStore documents, Run run, string resultPath, BacktestMetrics metrics, CancellationToken ct) =>
        await documents.Commit(
            new DocumentBatch(Containers.Results, Fingerprint(run.CodeHash, run.DatasetHash, run.Seed))
                .Create(DocumentId, new StoredResult(resultPath, metrics)),
            ct);
}

using Hexabase.Domain.Billing;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;

namespace Hexabase.Domain.Runs;

/// <summary>
/// Gives each built-in strategy the run that its report shows. It is computed as every run is, by nobody's request and without a charge.
/// </summary>
public sealed class BuiltInReports(IDocumentStore documents, IBlobStore blobs, RunInputs inputs, IResultSigner signer)
{
    /// <summary>Runs a built-in strategy and points its report at the result. May be repeated: it gives the same run.</summary>
    /// <exception cref="InvalidOperationException">The strategy cannot be run on its dataset.</exception>
    public async Task Write(Strategy strategy, DateTimeOffset at, CancellationToken ct)
    {
        var inputsHash = StoredResult.Fingerprint(strategy.CodeHash, strategy.DatasetHash, seed: 0);
        var id = new RunId(strategy.OwnerId, Ids.Derived($"{strategy.Sid}\n{inputsHash}"));
        var run = NewRun(strategy, id, at);
        if (await inputs.Strategy(run.Sid, run.Version, run.CodeHash, ct) is not { } definition
            || await inputs.Candles(run.DatasetHash, ct) is not { } candles)
            throw new InvalidOperationException($"The code or the candles of {strategy.Sid} are missing.");
        if (RunOutcome.Compute(definition, candles, run, StoredResult.PathFor(run), ct) is not RunOutcome.Computed result)
            throw new InvalidOperationException($"{strategy.Sid} does not run on its dataset.");

        await blobs.Put(result.ResultPath, result.Json, "application/json", ct);
        var stored = new StoredResult(result.ResultPath, result.Metrics, signer.Sign(result.Json.Span));
        var finished = run with
        {
            Status = RunStatus.Succeeded,
            ResultPath = stored.ResultPath,
            Metrics = stored.Metrics,
            Jws = stored.Jws,
        };
        await documents.Commit(
            new DocumentBatch(Containers.Accounts, id.Account)
                .Upsert(Run.DocumentId(id), finished)
                .Upsert(LatestRun.SucceededDocumentId(strategy.Sid), new LatestRun(run.RunId)),
            ct);
        await StoredResult.Remember(documents, finished, stored, ct);
    }

    private static Run NewRun(Strategy strategy, RunId id, DateTimeOffset at) => new(
        id.ToString(),
        strategy.Sid,
        strategy.Version,
        Seed: 0,
        strategy.CodeHash,
        strategy.DatasetHash,
        RunStatus.Running,
        Lane.Free,
        Charge.Nothing,
        UsageMonth: null,
        Attempt: 1,
        CreatedAt: at,
        CorrelationId: "built-in",
        WatchUntil: null,
        TraceParent: null,
        StartedAt: at,
        FinishedAt: at);
}

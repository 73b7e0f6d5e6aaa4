using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Proofs;

/// <summary>
/// Checks a proof: its form, our signature, the hashes of strategy and candles, and that the same engine run again gives the same bytes.
/// A pure function of proof, keys and candles, which may come from anybody.
/// </summary>
public sealed class ProofCheck
{
    private readonly ProofFile proof;
    private readonly Finding form;
    private readonly Finding signature;
    private readonly Finding strategy;
    private readonly Finding engine;
    private readonly StrategyDefinition? definition;

    /// <summary>Checks all that needs no candles.</summary>
    public ProofCheck(ProofFile proof, VerificationKeys keys)
    {
        this.proof = proof;
        form = proof.IsCanonical
            ? Passed("form", "The file is a proof in canonical form.")
            : Failed("form", "NOT_CANONICAL", "The file is not byte for byte as we write it: it was reformatted or changed.");
        signature = CheckSignature(proof, keys);
        strategy = CheckStrategy(proof, out definition);
        engine = proof.EngineVersion == EngineVersion.Current
            ? Passed("engine", $"The result is of engine {EngineVersion.Current}, which is this one.")
            : Skipped(
                "engine",
                "OTHER_ENGINE_VERSION",
                $"The result is of engine {proof.EngineVersion}, this is {EngineVersion.Current}: only the same gives the same bytes.");
    }

    /// <summary>Our key made the signature of this very result.</summary>
    public bool IsSigned => signature.Outcome == CheckOutcome.Passed;

    /// <summary>The verdict on a file that is no proof.</summary>
    public static Verdict NoProof(ProofError error) => new([Failed("form", "MALFORMED", error.Message)], []);

    /// <summary>The verdict when the run is not to be repeated, for the reason given.</summary>
    public Verdict WithoutRerun(string code, string reason) =>
        new([form, signature, strategy, Skipped("dataset", code, reason), engine, Skipped("rerun", code, reason)], []);

    /// <summary>The verdict after running the strategy again on the candles.</summary>
    /// <param name="dataset">In the normalized form, whose SHA-256 is <see cref="ProofFile.DatasetHash"/>.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<Verdict> Against(ReadOnlyMemory<byte> dataset, CancellationToken ct)
    {
        var candles = await CheckDataset(dataset, ct);
        var (rerun, differences) = definition is not null && IsPassed(strategy) && IsPassed(candles) && IsPassed(engine)
            ? Rerun(definition, Candles.Parse(dataset.Span), ct)
            : (Skipped("rerun", "NOT_COMPARABLE", "Not repeated: strategy, candles and engine must be those of the result."), []);
        return new Verdict([form, signature, strategy, candles, engine, rerun], differences);
    }

    private static Finding CheckSignature(ProofFile proof, VerificationKeys keys)
    {
        const string Name = "signature";
        if (!DetachedJws.TryParse(proof.Jws, out var jws))
            return Failed(Name, "JWS_MALFORMED", "The signature is no detached JWS with the headers alg, kid and typ.");
        if (jws.HeaderAlgorithm != DetachedJws.Algorithm)
            return Failed(Name, "ALGORITHM_NOT_ALLOWED", $"Results are signed with {DetachedJws.Algorithm}, not with another algorithm.");
        if (jws.HeaderType != DetachedJws.Type)
            return Failed(Name, "TYPE_NOT_ALLOWED", $"The signature is not one of a result: its typ is not {DetachedJws.Type}.");
        if (!keys.Has(jws.KeyId))
            return Failed(Name, "KEY_UNKNOWN", "The key that the signature names is not in the key set.");
        return keys.Verify(jws, proof.Result.Span)
            ? Passed(Name, $"The result is signed with key {jws.KeyId}.")
            : Failed(Name, "SIGNATURE_INVALID", "The signature is not of this result: result or signature were changed.");
    }

    private static Finding CheckStrategy(ProofFile proof, out StrategyDefinition? definition)
    {
        const string Name = "strategy";
        var parse = StrategyDefinition.Parse(proof.Strategy);
        parse.Succeeded(out definition);
        if (CodeHash.Of(proof.Strategy) is var hash && hash != proof.CodeHash)
            return Failed(Name, "CODE_HASH_MISMATCH", $"The strategy's hash is {hash}, the result's code_hash {proof.CodeHash}.");
        return definition is not null
            ? Passed(Name, $"The strategy has the result's code_hash {hash}.")
            : Failed(Name, "STRATEGY_INVALID", $"The strategy cannot be run: {parse.Errors[0]}.");
    }

    private async Task<Finding> CheckDataset(ReadOnlyMemory<byte> dataset, CancellationToken ct)
    {
        const string Name = "dataset";
        var hash = Convert.ToHexStringLower(SHA256.HashData(dataset.Span));
        if (hash != proof.DatasetHash)
            return Failed(Name, "DATASET_HASH_MISMATCH", $"The candles' hash is {hash}, the result's dataset_hash {proof.DatasetHash}.");

        // The hash may be a forger's too: the engine is given only what an upload would have let through.
        using var csv = Open(dataset);
        return await CandleImport.Run(csv, Stream.Null, dataset.Length, pair: null, ct) is CandleImportResult.Imported import
            && import.Summary.DatasetHash == hash
            ? Passed(Name, $"The candles have the result's dataset_hash {hash}.")
            : Failed(Name, "DATASET_NOT_NORMALIZED", "The file has the result's dataset_hash, but is no dataset in normalized form.");
    }

    private static MemoryStream Open(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);

    private (Finding Finding, IReadOnlyList<Difference> Differences) Rerun(StrategyDefinition run, Candles candles, CancellationToken ct)
    {
        const string Name = "rerun";
        if (Backtest.Run(run, candles, proof.Seed, ct) is not BacktestOutcome.Completed { Result: var result })
            return (Failed(Name, "RERUN_FAILED", "The strategy cannot be run on these candles, so that there can be no such result."), []);
        var computed = result.ToCanonicalJson(proof.CodeHash, proof.DatasetHash);
        if (proof.Result.Span.SequenceEqual(computed))
            return (Passed(Name, $"Run again, it gives the same {computed.Length} bytes."), []);
        var differences = ResultDifferences.Between(JsonElement.Parse(proof.Result.Span), JsonElement.Parse(computed));
        var what = differences.Count == 1 ? "one value" : $"{differences.Count} values";
        return (Failed(Name, "RESULT_DIFFERS", $"Run again, it gives another result: {what} of it."), differences.Listed);
    }

    private static bool IsPassed(Finding finding) => finding.Outcome == CheckOutcome.Passed;

    private static Finding Passed(string name, string detail) => new(name, CheckOutcome.Passed, Code: null, detail);

    private static Finding Failed(string name, string code, string detail) => new(name, CheckOutcome.Failed, code, detail);

    private static Finding Skipped(string name, string code, string detail) => new(name, CheckOutcome.Skipped, code, detail);
}

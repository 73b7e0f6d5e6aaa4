using FluentValidation;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;

namespace Hexabase.Domain.Jobs;

/// <summary>A hash is not what is stored.</summary>
public sealed record HashMismatch : Refusal
{
    public HashMismatch(string field, string detail) : base(RefusalKind.Conflict, "HASH_MISMATCH", detail) => Field = field;

    /// <summary>There are no candles with the hash.</summary>
    public static HashMismatch OfDataset() =>
        new("dataset_hash", "No dataset with this dataset_hash is stored. Upload it to /api/datasets.");
}

/// <summary>What a request says it wants computed, by hashes, so that nobody pays for other code or candles than they believe.</summary>
internal static class InputHashes
{
    /// <summary>The rule for a strategy's id that must be given.</summary>
    public static IRuleBuilderOptions<T, string> IsSid<T>(this IRuleBuilder<T, string> rule) =>
        rule.Must(sid => sid is { Length: >= 1 and <= 64 })
            .OverridePropertyName("sid").WithMessage("sid is required: the strategy's id.");

    /// <summary>The rule for a hash that must be given.</summary>
    public static IRuleBuilderOptions<T, string> IsHash<T>(this IRuleBuilder<T, string> rule, string field) =>
        rule.Must(Sha256Hex.Is)
            .OverridePropertyName(field).WithMessage($"{field} is required: 64 lower-case hex digits.");

    /// <summary>Refuses what the account may not run, and hashes that are not what is stored.</summary>
    /// <param name="strategy">The stored one with this id; null when there is none.</param>
    public static async Task<Refusal?> Check(
        IDocumentStore documents,
        string accountId,
        string sid,
        string codeHash,
        string datasetHash,
        Strategy? strategy,
        CancellationToken ct)
    {
        if (strategy is null || !strategy.CanBeReadBy(accountId))
            return new StrategyNotFound(sid);
        if (strategy.CodeHash != codeHash)
            return new HashMismatch("code_hash", $"The strategy's code_hash is {strategy.CodeHash}. Send that.");
        if (strategy.DatasetHash != datasetHash && await Dataset.Read(documents, datasetHash, ct) is null)
            return HashMismatch.OfDataset();
        return null;
    }
}

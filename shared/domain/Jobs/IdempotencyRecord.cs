using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Jobs;

/// <summary>
/// Which run, sweep or change of the workspace an idempotency key stands for. Document <c>idem:{hash of the key}</c>, kept as long as
/// plans.json says.
/// </summary>
/// <param name="InputsHash">Of what was asked for, to tell a repeat from another wish.</param>
public sealed record IdempotencyRecord(string? RunId, string InputsHash, string? SweepId = null, string? ChangeId = null)
{
    public static string DocumentId(string key) => $"idem:{IdempotencyKey.HashOf(key)}";

    /// <summary>A point read; null for a key that is new.</summary>
    public static async Task<IdempotencyRecord?> Read(IDocumentStore documents, string accountId, string key, CancellationToken ct) =>
        (await documents.Read<IdempotencyRecord>(Containers.Accounts, accountId, DocumentId(key), ct))?.Value;
}

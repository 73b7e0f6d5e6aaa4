using System.Text.Json;

namespace Hexabase.Local.Cosmos;

/// <summary>What one operation of a batch does, by the numbers of the wire.</summary>
internal enum BatchVerb
{
    Create = 0,
    Read = 2,
    Delete = 4,
    Replace = 5,
    Upsert = 20,
}

/// <summary>One operation of a transactional batch.</summary>
/// <param name="Item">What to write; null where nothing is written.</param>
/// <param name="IfMatch">The ETag that the stored item must have.</param>
/// <param name="Minimal">The caller does not want the written item back.</param>
internal sealed record BatchOperation(BatchVerb Verb, string Id, JsonElement? Item, string? IfMatch, bool Minimal);

/// <summary>How one operation ended.</summary>
/// <param name="Item">The stored item, UTF-8 JSON.</param>
/// <param name="Charge">In request units.</param>
internal sealed record BatchResult(int Status, string? ETag = null, ReadOnlyMemory<byte> Item = default, double Charge = 0);

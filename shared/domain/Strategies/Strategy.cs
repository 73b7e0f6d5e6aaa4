using System.Text.Json;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Strategies;

/// <summary>Who may read a strategy.</summary>
public enum Visibility
{
    /// <summary>Saved, not published: its owner alone. The oldest of these rotate out at the plan's limit.</summary>
    Unpublished,

    /// <summary>Everyone.</summary>
    Public,

    /// <summary>Published for its owner alone; a paid right.</summary>
    Private,
}

/// <summary>A strategy in its present version. Document <see cref="DocumentId"/> in the partition of its sid.</summary>
/// <param name="Sid">The strategy's id.</param>
/// <param name="OwnerId">The account it belongs to; <see cref="BuiltInOwner"/> for templates.</param>
/// <param name="Version">1 for the first; publishing a change adds one.</param>
/// <param name="CodeHash">SHA-256 of the canonical JSON of <paramref name="Code"/>, 64 lower-case hex digits.</param>
/// <param name="DatasetHash">The dataset it is meant to run on.</param>
/// <param name="Code">The <c>hexabase.strategy/v1</c> document.</param>
/// <param name="Lineage">Where it was forked from; null for an original.</param>
public sealed record Strategy(
    string Sid,
    string OwnerId,
    string Name,
    Visibility Visibility,
    int Version,
    string CodeHash,
    string DatasetHash,
    JsonElement Code,
    Lineage? Lineage,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public const string DocumentId = "strategy";

    public const string BuiltInOwner = "hexabase";

    /// <summary>Its owner may always; others only what is public.</summary>
    public bool CanBeReadBy(string? accountId) => Visibility == Visibility.Public || (accountId is not null && accountId == OwnerId);

    /// <summary>The present version; null when there is none.</summary>
    public static ValueTask<Document<Strategy>?> Read(IDocumentStore documents, string sid, CancellationToken ct) =>
        documents.Read<Strategy>(Containers.Strategies, sid, DocumentId, ct);
}

/// <summary>Where a fork comes from.</summary>
/// <param name="Parent">The sid it was copied from.</param>
/// <param name="Root">The sid the line began with.</param>
/// <param name="Generation">1 for a fork of an original.</param>
public sealed record Lineage(string Parent, string Root, int Generation);

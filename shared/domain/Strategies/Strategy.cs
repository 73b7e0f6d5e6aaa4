using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
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
/// <param name="PublishedAt">When it first became public, which is its place in the public list; null when it never was.</param>
/// <param name="Revision">Grows with every change, not only with versions: of two states the one with the higher revision is later.</param>
/// <param name="RequestHash">SHA-256 of the request that made it under an Idempotency-Key; its repeats are known by it.</param>
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
    DateTimeOffset UpdatedAt,
    DateTimeOffset? PublishedAt = null,
    long Revision = 1,
    string? RequestHash = null)
{
    public const string DocumentId = "strategy";

    /// <summary>Shaped as an account's id, so that built-in strategies have runs as any other has; nobody can sign in as it.</summary>
    public const string BuiltInOwner = "a00000000hexabase";

    private static readonly SearchValues<char> SidCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Where the canonical JSON of the present version's code is kept.</summary>
    public static string BlobPath(string sid) => $"strategies/{sid}.json";

    /// <summary>True for what can be a sid: <c>s_</c>, then lower-case letters, digits and underscores, 64 characters at most.</summary>
    public static bool IsSid([NotNullWhen(true)] string? text) =>
        text is { Length: > 2 and <= 64 } && text.StartsWith("s_", StringComparison.Ordinal)
            && !text.AsSpan(2).ContainsAnyExcept(SidCharacters);

    /// <summary>Its owner may always; others only what is public.</summary>
    public bool CanBeReadBy(string? accountId) => Visibility == Visibility.Public || (accountId is not null && accountId == OwnerId);

    /// <summary>The present version; null when there is none.</summary>
    public static ValueTask<Document<Strategy>?> Read(IDocumentStore documents, string sid, CancellationToken ct) =>
        documents.Read<Strategy>(Containers.Strategies, sid, DocumentId, ct);
}

/// <summary>One version of a strategy, kept for good. Document <see cref="DocumentId"/> in the partition of its sid.</summary>
public sealed record StrategyVersion(int Version, string CodeHash, string DatasetHash, JsonElement Code, DateTimeOffset CreatedAt)
{
    public static string DocumentId(int version) => string.Create(CultureInfo.InvariantCulture, $"version:{version:D6}");
}

/// <summary>Where a fork comes from.</summary>
/// <param name="Parent">The sid it was copied from.</param>
/// <param name="Root">The sid the line began with.</param>
/// <param name="Generation">1 for a fork of an original.</param>
public sealed record Lineage(string Parent, string Root, int Generation)
{
    /// <summary>The lineage of a fork of <paramref name="parent"/>.</summary>
    public static Lineage From(Strategy parent) =>
        new(parent.Sid, parent.Lineage?.Root ?? parent.Sid, (parent.Lineage?.Generation ?? 0) + 1);
}

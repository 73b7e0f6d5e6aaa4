using System.Globalization;
using System.Text.Json;

namespace Hexabase.Domain.Strategies;

/// <summary>
/// A public strategy as the list of all shows it. Document <see cref="DocumentId"/> in the partition <see cref="List"/>, sorted by the
/// time it first became public.
/// </summary>
public sealed record PublicStrategy(
    string Sid,
    string Name,
    string? Description,
    string? Pair,
    string? Timeframe,
    int Version,
    string CodeHash,
    string DatasetHash,
    bool BuiltIn,
    Lineage? Lineage,
    DateTimeOffset PublishedAt,
    DateTimeOffset UpdatedAt)
{
    public const string List = "strategies-public";

    public static string DocumentId(string sid, DateTimeOffset publishedAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{publishedAt.ToUnixTimeMilliseconds():D14}:{sid}");

    /// <summary>The list's view of a strategy that became public at <paramref name="publishedAt"/>.</summary>
    public static PublicStrategy Of(Strategy strategy, DateTimeOffset publishedAt) => new(
        strategy.Sid,
        strategy.Name,
        TextOf(strategy.Code, "description"),
        TextOf(strategy.Code, "pair"),
        TextOf(strategy.Code, "timeframe"),
        strategy.Version,
        strategy.CodeHash,
        strategy.DatasetHash,
        strategy.OwnerId == Strategy.BuiltInOwner,
        strategy.Lineage,
        publishedAt,
        strategy.UpdatedAt);

    private static string? TextOf(JsonElement code, string property) =>
        code.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.Globalization;

namespace Hexabase.Domain.Strategies;

/// <summary>
/// A strategy as its owner's list shows it, kept in the account's partition. Document <see cref="DocumentId"/>; while it is
/// unpublished also <see cref="UnpublishedId"/>, which puts the oldest one first. Both sort by creation.
/// </summary>
public sealed record SavedStrategy(
    string Sid, string Name, Visibility Visibility, int Version, string CodeHash, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public const string IdPrefix = "strategy:";
    public const string UnpublishedPrefix = "unpublished:";

    public string DocumentId() => Id(IdPrefix);

    public string UnpublishedId() => Id(UnpublishedPrefix);

    /// <summary>The list's view of a strategy.</summary>
    public static SavedStrategy Of(Strategy strategy) => new(
        strategy.Sid, strategy.Name, strategy.Visibility, strategy.Version, strategy.CodeHash, strategy.CreatedAt, strategy.UpdatedAt);

    private string Id(string prefix) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{CreatedAt.ToUnixTimeMilliseconds():D14}:{Sid}");
}

using System.Globalization;

namespace Hexabase.Adapters.Cosmos;

/// <summary>
/// The version of an item: its ETag, and when it is over in Unix milliseconds. The store gives out both together, so that a condition on a version
/// whose time is over fails by the store's own clock, whether Cosmos has deleted it or not.
/// </summary>
internal readonly record struct CosmosVersion(string ETag, long? ExpiresAt)
{
    /// <summary>A condition that no item meets.</summary>
    public const string None = "\"none\"";

    public bool IsLive(DateTimeOffset now) => ExpiresAt is null || ExpiresAt > now.ToUnixTimeMilliseconds();

    /// <summary><c>{ETag}~{expiry}</c>, with quotes that do not end an HTTP entity tag.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ETag.Replace('"', '\'')}~{ExpiresAt}");

    /// <summary>What Cosmos is to compare with: the ETag in a text of <see cref="ToString"/>, or <see cref="None"/> for any other and for a version that is over.</summary>
    public static string Condition(string text, DateTimeOffset now) => TryParse(text, out var version) && version.IsLive(now) ? version.ETag : None;

    private static bool TryParse(string text, out CosmosVersion version)
    {
        version = default;
        var end = text.LastIndexOf('~');
        if (end <= 0 || text.StartsWith('*'))
            return false;
        var etag = text[..end].Replace('\'', '"');
        if (end == text.Length - 1)
            version = new CosmosVersion(etag, ExpiresAt: null);
        else if (long.TryParse(text.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var expiresAt))
            version = new CosmosVersion(etag, expiresAt);
        return version != default;
    }
}

namespace Hexabase.Functions.Http;

/// <summary>Values of Cache-Control for what never changes under its address.</summary>
internal static class CacheRules
{
    /// <summary>For everybody, kept for good.</summary>
    public const string PublicForGood = "public, max-age=31536000, immutable";

    /// <summary>For the caller alone, kept for good.</summary>
    public const string PrivateForGood = "private, max-age=31536000, immutable";

    /// <summary>For good for its owner; a minute for others, from whom it may be taken away.</summary>
    public static string WhileReadable(bool isOwner) => isOwner ? PrivateForGood : "public, max-age=60";
}

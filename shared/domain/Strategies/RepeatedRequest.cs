namespace Hexabase.Domain.Strategies;

/// <summary>
/// How saving a strategy is repeat-safe: the Idempotency-Key gives the new strategy its sid, and the strategy keeps the hash of what was
/// asked for, so that another request under the key is told apart from a repeat.
/// </summary>
internal static class RepeatedRequest
{
    /// <summary>The sid of what <paramref name="accountId"/> makes under a key; a new one without a key.</summary>
    /// <param name="kind">Keys of different kinds of request have nothing to do with each other.</param>
    public static string Sid(string kind, string accountId, string? idempotencyKey, DateTimeOffset now) =>
        idempotencyKey is null ? Ids.NewStrategy(now) : "s_" + Ids.Derived($"{kind}:{accountId}:{idempotencyKey}");

    /// <summary>SHA-256 of what was asked for, 64 lower-case hex digits.</summary>
    public static string Hash(string inputs) => Sha256Hex.Of(inputs);

    /// <summary>The strategy made earlier under the key, when this is the same request.</summary>
    public static Result<Strategy> Answer(Strategy earlier, string requestHash) =>
        earlier.RequestHash == requestHash ? earlier : new IdempotencyKeyReused();
}

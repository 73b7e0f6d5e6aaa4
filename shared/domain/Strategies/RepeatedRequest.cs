using System.Security.Cryptography;
using System.Text;
using FluentValidation;

namespace Hexabase.Domain.Strategies;

/// <summary>The key was used for another request of the same kind.</summary>
public sealed record StrategyKeyReused() : Refusal(
    RefusalKind.Unprocessable, "IDEMPOTENCY_KEY_REUSED", "This Idempotency-Key was used for another request. Use a new one.");

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
    public static string Hash(string inputs) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inputs)));

    /// <summary>The strategy made earlier under the key, when this is the same request.</summary>
    public static Result<Strategy> Answer(Strategy earlier, string requestHash) =>
        earlier.RequestHash == requestHash ? earlier : new StrategyKeyReused();

    public static IRuleBuilderOptions<T, string?> OptionalIdempotencyKey<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(key => key is null || (key.Length is >= 1 and <= 255 && key.All(c => c is > ' ' and <= '~')))
        .OverridePropertyName("Idempotency-Key").WithMessage("An Idempotency-Key has 1 to 255 visible ASCII characters.");
}

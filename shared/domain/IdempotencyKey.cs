using FluentValidation;

namespace Hexabase.Domain;

/// <summary>The key was used for another request before (product rule 6).</summary>
public sealed record IdempotencyKeyReused() : Refusal(
    RefusalKind.Unprocessable, "IDEMPOTENCY_KEY_REUSED", "This Idempotency-Key was used for another request. Use a new key for a new one.");

/// <summary>A caller's name for one thing wanted, so that asking again does it no second time: 1 to 255 visible ASCII characters.</summary>
public static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    public static bool IsValid(string? key) => key is { Length: >= 1 and <= 255 } && !key.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>The key as a part of document ids.</summary>
    public static string HashOf(string key) => Sha256Hex.Of(key);

    /// <summary>The rule for a request that must carry a key.</summary>
    public static IRuleBuilderOptions<T, string?> IsIdempotencyKey<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(IsValid).OverridePropertyName(Header).WithMessage($"The header {Header} is required: 1 to 255 visible ASCII characters.");

    /// <summary>The rule for a request that may carry a key.</summary>
    public static IRuleBuilderOptions<T, string?> IsIdempotencyKeyOrNull<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(key => key is null || IsValid(key))
            .OverridePropertyName(Header).WithMessage($"The header {Header} has 1 to 255 visible ASCII characters.");
}

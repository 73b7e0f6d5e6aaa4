using FluentValidation;

namespace Hexabase.Domain.Workspaces;

/// <summary>Payment methods as requests name them.</summary>
public static class PaymentMethods
{
    private const string Prefix = "pm_";

    /// <summary>The form of the payment provider's ids; whether there is such a method, it says itself.</summary>
    public static bool IsId(string? text) =>
        text is { Length: > 3 and <= 255 } && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>The rule for a method that must be given.</summary>
    public static IRuleBuilderOptions<T, string?> IsPaymentMethod<T>(this IRuleBuilder<T, string?> rule) => rule.Must(IsId)
        .OverridePropertyName("payment_method").WithMessage("payment_method is required: the payment provider's id, which begins with pm_.");
}

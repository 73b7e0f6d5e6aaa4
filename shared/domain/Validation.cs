using FluentValidation;

namespace Hexabase.Domain;

/// <summary>The way from a validator to a refusal.</summary>
public static class Validation
{
    /// <summary>The first broken rule as a refusal; null when the input is fine. Rules name their field as the request spells it.</summary>
    public static InvalidInput? FirstProblem<T>(this IValidator<T> validator, T input)
    {
        var result = validator.Validate(input);
        return result.IsValid ? null : new InvalidInput(result.Errors[0].PropertyName, result.Errors[0].ErrorMessage);
    }
}

using System.Text.Json;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Domain.Strategies;

/// <summary>The code has errors.</summary>
public sealed record StrategyInvalid : Refusal
{
    public StrategyInvalid(IReadOnlyList<StrategyError> errors) : base(
        RefusalKind.Unprocessable, "STRATEGY_INVALID",
        $"The strategy has {(errors.Count == 1 ? "an error" : $"{errors.Count} errors; the first")}: {errors[0]}.")
    {
        Field = "code";
        Members = new Dictionary<string, object>(StringComparer.Ordinal) { ["errors"] = errors };
    }
}

/// <summary>A strategy document that has been read and found good.</summary>
/// <param name="Hash">Its <c>code_hash</c>.</param>
internal sealed record StrategyCode(StrategyDefinition Definition, string Hash)
{
    /// <summary>The document understood; or everything that is wrong with it.</summary>
    public static Result<StrategyCode> Read(JsonElement document)
    {
        var parse = StrategyDefinition.Parse(document);
        return parse.Succeeded(out var definition)
            ? new StrategyCode(definition, CodeHash.Of(document))
            : new StrategyInvalid(parse.Errors);
    }
}

using System.Text.Json;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Domain.Strategies;

/// <summary>The code has errors.</summary>
public sealed record StrategyInvalid : Refusal
{
    public StrategyInvalid(IReadOnlyList<StrategyError> errors) : base(
        RefusalKind.Unprocessable, "STRATEGY_INVALID", $"The strategy has {(errors.Count == 1 ? "an error" : $"{errors.Count} errors")}: {errors[0].Message}")
    {
        Field = "code";
        Members = new Dictionary<string, object>(StringComparer.Ordinal) { ["errors"] = errors };
    }
}

/// <summary>The code is longer than the product keeps.</summary>
public sealed record StrategyTooLarge : Refusal
{
    public StrategyTooLarge() : base(
        RefusalKind.TooLarge, "STRATEGY_TOO_LARGE", $"A strategy has at most {StrategyLimits.DocumentBytes} bytes of canonical JSON.") => Field = "code";
}

/// <summary>A strategy document that has been read and found good.</summary>
/// <param name="Hash">Its <c>code_hash</c>.</param>
/// <param name="DatasetHash">The dataset it names.</param>
internal sealed record StrategyCode(string Name, string Hash, string DatasetHash)
{
    /// <summary>What the document says of itself; or its errors.</summary>
    public static Result<StrategyCode> Read(JsonElement document)
    {
        byte[] canonical;
        try
        {
            canonical = CanonicalJson.GetBytes(document);
        }
        catch (CanonicalJsonException e)
        {
            return new StrategyInvalid([new StrategyError("$", null, e.Message)]);
        }
        if (canonical.Length > StrategyLimits.DocumentBytes)
            return new StrategyTooLarge();
        // TEMP
        if (document.TryGetProperty("name", out var n) && n.ValueKind == JsonValueKind.String && document.TryGetProperty("dataset_hash", out var d))
            return new StrategyCode(n.GetString()!, CodeHash.Of(document), d.GetString()!);
        return new StrategyInvalid([new StrategyError("", null, "no")]);
    }
}

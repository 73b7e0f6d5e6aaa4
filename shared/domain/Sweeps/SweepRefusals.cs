using System.Globalization;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Domain.Sweeps;

/// <summary>There is no such sweep, or it is another's: what somebody looks for is theirs alone.</summary>
public sealed record SweepNotFound() : Refusal(RefusalKind.NotFound, "SWEEP_NOT_FOUND", "You have no sweep with this id.");

/// <summary>The search has errors, or does not fit the strategy.</summary>
public sealed record SearchInvalid : Refusal
{
    private const string Root = "search";

    public SearchInvalid(IReadOnlyList<StrategyError> errors) : this([.. errors.Select(InRequest)])
    {
    }

    private SearchInvalid(StrategyError[] errors) : base(
        RefusalKind.Unprocessable,
        "SEARCH_INVALID",
        $"The search has {(errors.Length == 1 ? "an error" : $"{errors.Length} errors; the first")}: {errors[0]}.")
    {
        Field = errors[0].Path;
        Members = new Dictionary<string, object>(StringComparer.Ordinal) { ["errors"] = errors };
    }

    private static StrategyError InRequest(StrategyError error) =>
        error with { Path = error.Path.Length == 0 ? Root : $"{Root}.{error.Path}" };
}

/// <summary>More backtests on more candles than one sweep may take.</summary>
public sealed record SweepTooLarge : Refusal
{
    public SweepTooLarge(int evaluations, long candles, long most) : base(
        RefusalKind.Unprocessable,
        "SWEEP_TOO_LARGE",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{evaluations} backtests on {candles} candles make {evaluations * candles}; at most {most} are allowed. ")
        + "Try fewer values, a random sample, or shorter candles.")
    {
        Field = "search";
        Members = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["evaluations"] = evaluations,
            ["candles"] = candles,
            ["most_bar_evaluations"] = most,
        };
    }
}

using System.Globalization;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Domain.Billing;

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

/// <summary>The search must fail on these candles, which needs no computing to be known.</summary>
public sealed record SearchImpossible : Refusal
{
    public SearchImpossible(SweepOutcome.Failed failure) : base(RefusalKind.Unprocessable, failure.Code, failure.Reason) =>
        Field = "search";
}

/// <summary>
/// More work than one sweep may take on the plan. The members say how much it is, what the plan allows and what larger ones do.
/// </summary>
public sealed record SweepTooLarge : Refusal
{
    public SweepTooLarge(int evaluations, long candles, long work, Plans plans, PlanName plan) : base(
        RefusalKind.Unprocessable, "SWEEP_TOO_LARGE", Explain(evaluations, candles, work, plans, plan))
    {
        Field = "search";
        Members = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["evaluations"] = evaluations,
            ["candles"] = candles,
            ["work"] = work,
            ["most_work"] = plans[plan].SweepWork,
            ["most_work_of_larger_plans"] = plans.SweepWorkAbove(plan),
        };
    }

    private static string Explain(int evaluations, long candles, long work, Plans plans, PlanName plan)
    {
        var larger = plans.SweepWorkAbove(plan).Select(more => string.Create(CultureInfo.InvariantCulture, $"{more.Key} {more.Value}"));
        var allowed = string.Join(", ", larger.Prepend(
            string.Create(CultureInfo.InvariantCulture, $"plan {Plans.NameOf(plan)} allows {plans[plan].SweepWork}")));
        return string.Create(
            CultureInfo.InvariantCulture, $"{evaluations} backtests on {candles} candles go through about {work} values; {allowed}. ")
            + "Try fewer values, shorter periods, a random sample, or fewer candles.";
    }
}

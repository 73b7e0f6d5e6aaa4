using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>Turns written rules into steps of a plan, for one set of parameter values.</summary>
internal sealed class RuleBinder
{
    private readonly Binder binder;
    private readonly PlanBuilder plan;
    private readonly List<StrategyError> errors;
    private readonly List<int> roots = [];

    private RuleBinder(IReadOnlyDictionary<string, double> parameters, PlanBuilder plan, List<StrategyError> errors)
    {
        binder = new Binder(parameters, plan);
        this.plan = plan;
        this.errors = errors;
    }

    /// <summary>The rules as steps of <paramref name="plan"/>; they count only when nothing was added to <paramref name="errors"/>.</summary>
    public static TradingRules Bind(
        RuleSyntax rules, IReadOnlyDictionary<string, double> parameters, PlanBuilder plan, List<StrategyError> errors) =>
        new RuleBinder(parameters, plan, errors).Bind(rules);

    private TradingRules Bind(RuleSyntax rules)
    {
        int? enterLong = Condition(rules.EnterLong), enterShort = Condition(rules.EnterShort);
        int? exitLong = Condition(rules.ExitLong), exitShort = Condition(rules.ExitShort);
        ProtectiveOrder? stopLoss = Protection(rules.StopLoss), takeProfit = Protection(rules.TakeProfit);
        return new TradingRules(plan.FirstDecisionBar(roots), enterLong, enterShort, exitLong, exitShort, stopLoss, takeProfit)
        {
            Roots = roots,
        };
    }

    private int? Condition(PlacedExpression? expression)
    {
        if (expression is null || Bind(expression, binder.Condition) is not { } step)
            return null;
        Keep(step);
        return step;
    }

    private ProtectiveOrder? Protection(ProtectionSyntax? written)
    {
        if (written is null || Bind(written.Distance, binder.Number) is not { } distance)
            return null;
        if (!distance.IsConstant)
            Keep(distance.Step);
        else if (distance.Constant <= 0)
            errors.Add(new StrategyError(written.Distance.Path, null, "expected a positive distance"));
        return new ProtectiveOrder(written.IsPercent, distance);
    }

    private void Keep(int step)
    {
        plan.Keep(step);
        roots.Add(step);
    }

    private T? Bind<T>(PlacedExpression expression, Func<Syntax, T> bind)
        where T : struct
    {
        try
        {
            return bind(expression.Syntax);
        }
        catch (ExpressionException e)
        {
            errors.Add(new StrategyError(expression.Path, e.Column, e.Message));
            return null;
        }
    }
}

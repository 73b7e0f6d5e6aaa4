using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>Turns written rules into steps of a plan, for one set of parameter values.</summary>
internal sealed class RuleBinder
{
    private const int LongestHolding = 1_000_000;

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
        var (trailingStop, risk, mostBars) = (Protection(rules.TrailingStop), Risk(rules.Risk), MostBars(rules.MostBars));
        return new TradingRules(
            plan.FirstDecisionBar(roots), enterLong, enterShort, exitLong, exitShort, stopLoss, takeProfit, trailingStop, risk, mostBars,
            rules.Session);
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
        if (written is null || Distance(written.Distance) is not { } distance)
            return null;
        if (!distance.IsConstant)
            Keep(distance.Step);
        return new ProtectiveOrder(written.IsPercent, distance);
    }

    private int? Risk(RiskSyntax? written)
    {
        if (written is null || Distance(written.Range) is not { } range || Distance(written.Multiple) is not { } multiple)
            return null;
        var step = plan.Add(new ArithmeticStep(Arithmetic.Multiply, multiple, range));
        Keep(step);
        return step;
    }

    private int? MostBars(PlacedExpression? written)
    {
        if (written is null || Bind(written, binder.Number) is not { } bars)
            return null;
        if (bars is { IsConstant: true, Constant: >= 1 and <= LongestHolding and var count } && count == Math.Floor(count))
            return (int)count;
        errors.Add(new StrategyError(written.Path, null, $"expected a whole number from 1 to {LongestHolding}, the same at every bar"));
        return null;
    }

    private Operand? Distance(PlacedExpression written)
    {
        var distance = Bind(written, binder.Number);
        if (distance is { IsConstant: true, Constant: <= 0 })
            errors.Add(new StrategyError(written.Path, null, "expected a positive distance"));
        return distance;
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

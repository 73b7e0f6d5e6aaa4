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

    private RuleBinder(
        IReadOnlyDictionary<string, PlacedExpression?> definitions, IReadOnlyDictionary<string, double> parameters, PlanBuilder plan,
        List<StrategyError> errors)
    {
        binder = new Binder(parameters, definitions, plan);
        this.plan = plan;
        this.errors = errors;
    }

    /// <summary>The rules as steps of <paramref name="plan"/>; they count only when nothing was added to <paramref name="errors"/>.</summary>
    public static TradingRules Bind(
        RuleSyntax rules, IReadOnlyDictionary<string, double> parameters, PlanBuilder plan, List<StrategyError> errors) =>
        new RuleBinder(rules.Definitions, parameters, plan, errors).Bind(rules);

    /// <summary>
    /// The rules with null for every definition that is wrong, which is noted also of those that no rule uses. Nothing of it comes
    /// into the plan of the rules.
    /// </summary>
    public static RuleSyntax CheckDefinitions(
        RuleSyntax rules, IReadOnlyDictionary<string, double> parameters, List<StrategyError> errors)
    {
        var check = new RuleBinder(rules.Definitions, parameters, new PlanBuilder(), errors);
        var definitions = rules.Definitions.ToDictionary(entry => entry.Key, entry => check.Checked(entry.Value), StringComparer.Ordinal);
        return rules with { Definitions = definitions };
    }

    private PlacedExpression? Checked(PlacedExpression? definition) =>
        definition is not null && Bind(definition.Path, () => binder.Bind(definition.Syntax)) is null ? null : definition;

    private TradingRules Bind(RuleSyntax rules)
    {
        int? enterLong = Condition(rules.EnterLong), enterShort = Condition(rules.EnterShort);
        int? exitLong = Condition(rules.ExitLong), exitShort = Condition(rules.ExitShort);
        ProtectiveOrder? stopLoss = Protection(rules.StopLoss), takeProfit = Protection(rules.TakeProfit);
        var (trailingStop, risk, mostBars) = (Protection(rules.TrailingStop), Risk(rules.Risk), MostBars(rules.MostBars));
        var first = plan.FirstDecisionBar(roots);
        if (first > StrategyLimits.FirstDecisionBar)
        {
            errors.Add(new StrategyError(
                "", null,
                $"the first decision must come by bar {StrategyLimits.FirstDecisionBar}; indicators and history delay it to bar {first}"));
        }
        return new TradingRules(
            first, enterLong, enterShort, exitLong, exitShort, stopLoss, takeProfit, trailingStop, risk, mostBars, rules.Session)
        {
            Roots = roots,
        };
    }

    private int? Condition(PlacedExpression? expression)
    {
        if (expression is null || Bind<int?>(expression.Path, () => binder.Condition(expression.Syntax)) is not { } step)
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
        if (written is null || Bind<Operand?>(written.Path, () => binder.Number(written.Syntax)) is not { } bars)
            return null;
        if (bars is { IsConstant: true, Constant: >= 1 and <= LongestHolding and var count } && count == Math.Floor(count))
            return (int)count;
        errors.Add(new StrategyError(written.Path, null, $"expected a whole number from 1 to {LongestHolding}, the same at every bar"));
        return null;
    }

    private Operand? Distance(PlacedExpression written)
    {
        var distance = Bind<Operand?>(written.Path, () => binder.Number(written.Syntax));
        if (distance is { IsConstant: true, Constant: <= 0 })
            errors.Add(new StrategyError(written.Path, null, "expected a positive distance"));
        return distance;
    }

    private void Keep(int step)
    {
        plan.Keep(step);
        roots.Add(step);
    }

    /// <summary>Null when it is wrong, which is noted: once, when it is a definition that others use.</summary>
    private T? Bind<T>(string path, Func<T> bind)
    {
        try
        {
            return bind();
        }
        catch (ExpressionException e)
        {
            if (!e.IsKnown && e.At(path) is var error && !errors.Contains(error))
                errors.Add(error);
            return default;
        }
    }
}

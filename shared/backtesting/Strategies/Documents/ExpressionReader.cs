using System.Text.Json;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>Reads the expressions of one document into one plan, with the parameters at their defaults.</summary>
internal sealed class ExpressionReader
{
    private readonly Binder binder;
    private readonly PlanBuilder plan;
    private readonly List<StrategyError> errors;
    private int nodesLeft = StrategyLimits.Nodes;

    public ExpressionReader(IEnumerable<Parameter> parameters, PlanBuilder plan, List<StrategyError> errors)
    {
        var values = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default, StringComparer.Ordinal);
        binder = new Binder(values, plan);
        this.plan = plan;
        this.errors = errors;
    }

    /// <summary>The step of a condition; null when it is absent, and when it is wrong, which is noted.</summary>
    public int? Condition(JsonReader? section, string name)
    {
        if (section?.OptionalText(name) is not { } text)
            return null;
        var step = Bind(section.PathOf(name), text, binder.Condition);
        if (step is { } kept)
            plan.Keep(kept);
        return step;
    }

    /// <summary>A distance: a positive number, or an expression for one; null when it is wrong, which is noted.</summary>
    public Operand? Distance(JsonReader section, string name)
    {
        if (section.Optional(name) is not { ValueKind: JsonValueKind.String } value)
            return Operand.Of(section.Number(name, double.Epsilon, 1e6));
        if (section.AsText(name, value) is not { } text || Bind(section.PathOf(name), text, binder.Number) is not { } distance)
            return null;
        if (!distance.IsConstant)
            plan.Keep(distance.Step);
        else if (distance.Constant <= 0)
            section.Refuse(name, "expected a positive distance");
        return distance;
    }

    private T? Bind<T>(string path, string text, Func<Syntax, T> bind)
        where T : struct
    {
        try
        {
            return bind(ExpressionParser.Parse(text, ref nodesLeft));
        }
        catch (ExpressionException e)
        {
            errors.Add(new StrategyError(path, e.Column, e.Message));
            return null;
        }
    }
}

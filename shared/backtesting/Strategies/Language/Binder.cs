using System.Globalization;
using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>Gives the names of an expression their meaning, checks numbers against conditions, folds constants.</summary>
/// <param name="parameters">The value of every parameter.</param>
/// <param name="plan">Gets the steps.</param>
internal sealed class Binder(IReadOnlyDictionary<string, double> parameters, PlanBuilder plan)
{
    public PlanBuilder Plan => plan;

    /// <exception cref="ExpressionException">The expression is not a condition, or has an error inside.</exception>
    public int Condition(Syntax syntax) => Bind(syntax) is BoundCondition condition
        ? condition.Step
        : throw new ExpressionException(syntax.Column, "expected a condition, as in close > sma(close, 20), found a number");

    /// <exception cref="ExpressionException">The expression is not a number, or has an error inside.</exception>
    public Operand Number(Syntax syntax) => Bind(syntax) is BoundNumber number
        ? number.Operand
        : throw new ExpressionException(syntax.Column, "expected a number, found a condition");

    /// <summary>The step of an expression that changes from bar to bar; null for a constant or a condition.</summary>
    internal int? SeriesOrNull(Syntax syntax) =>
        Bind(syntax) is BoundNumber { Operand: { IsConstant: false, Step: var step } } ? step : null;

    /// <summary>The value of a period: a constant whole number within bounds.</summary>
    internal int Period(string function, Syntax syntax)
    {
        if (Bind(syntax) is not BoundNumber { Operand: { IsConstant: true, Constant: var value } })
            throw new ExpressionException(syntax.Column, $"the period of {function} must be a number or parameter, the same at every bar");
        if (value is >= 1 and <= StrategyLimits.Period && value == Math.Floor(value))
            return (int)value;
        var wanted = $"the period of {function} must be a whole number from 1 to {StrategyLimits.Period}";
        throw new ExpressionException(syntax.Column, string.Create(CultureInfo.InvariantCulture, $"{wanted}, not {value}"));
    }

    private Bound Bind(Syntax syntax) => syntax switch
    {
        NumberSyntax number => new BoundNumber(Operand.Of(number.Value)),
        NameSyntax name => Name(name),
        CallSyntax call => Call(call),
        UnarySyntax { Operator: "not" } not => new BoundCondition(plan.Add(new NotStep(Condition(not.Operand)))),
        UnarySyntax minus => Compute(minus, Arithmetic.Multiply, Operand.Of(-1), Number(minus.Operand)),
        BinarySyntax binary => Binary(binary),
        _ => throw new NotSupportedException(syntax.GetType().Name),
    };

    private BoundNumber Name(NameSyntax name)
    {
        if (Vocabulary.Series.TryGetValue(name.Name, out var series))
            return new BoundNumber(Operand.Column(plan.Add(new SeriesStep(series))));
        if (parameters.TryGetValue(name.Name, out var value))
            return new BoundNumber(Operand.Of(value));
        throw new ExpressionException(
            name.Column,
            Vocabulary.Functions.TryGetValue(name.Name, out var function)
                ? $"{name.Name} takes {function.Signature}"
                : $"unknown name \"{name.Name}\"; known are {string.Join(", ", Vocabulary.Series.Keys)} and the parameters");
    }

    private Bound Call(CallSyntax call)
    {
        if (!Vocabulary.Functions.TryGetValue(call.Function, out var function))
        {
            throw new ExpressionException(
                call.Column, $"unknown function \"{call.Function}\"; known are {string.Join(", ", Vocabulary.Functions.Keys)}");
        }
        return function.Bind(this, call) ?? throw new ExpressionException(call.Column, $"{call.Function} takes {function.Signature}");
    }

    private Bound Binary(BinarySyntax binary) => binary.Operator switch
    {
        "+" => Compute(binary, Arithmetic.Add, Number(binary.Left), Number(binary.Right)),
        "-" => Compute(binary, Arithmetic.Subtract, Number(binary.Left), Number(binary.Right)),
        "*" => Compute(binary, Arithmetic.Multiply, Number(binary.Left), Number(binary.Right)),
        "/" => Compute(binary, Arithmetic.Divide, Number(binary.Left), Number(binary.Right)),
        "and" => new BoundCondition(plan.Add(new AndStep(Condition(binary.Left), Condition(binary.Right)))),
        "or" => new BoundCondition(plan.Add(new OrStep(Condition(binary.Left), Condition(binary.Right)))),
        "<" => Compare(binary, Ordering.Less),
        "<=" => Compare(binary, Ordering.Less | Ordering.Tie),
        ">" => Compare(binary, Ordering.Greater),
        ">=" => Compare(binary, Ordering.Greater | Ordering.Tie),
        "==" => Compare(binary, Ordering.Tie),
        "!=" => Compare(binary, Ordering.Less | Ordering.Greater),
        _ => throw new NotSupportedException(binary.Operator),
    };

    private BoundCondition Compare(BinarySyntax binary, Ordering accepted)
    {
        var order = plan.Add(new OrderStep(Number(binary.Left), Number(binary.Right)));
        return new BoundCondition(plan.Add(new ConditionStep(order, accepted)));
    }

    private BoundNumber Compute(Syntax syntax, Arithmetic operation, Operand left, Operand right)
    {
        if (!left.IsConstant || !right.IsConstant)
            return new BoundNumber(Operand.Column(plan.Add(new ArithmeticStep(operation, left, right))));
        var value = ArithmeticKernel.Of(operation, left.Constant, right.Constant);
        return double.IsFinite(value)
            ? new BoundNumber(Operand.Of(value))
            : throw new ExpressionException(syntax.Column, "this is no finite number");
    }
}

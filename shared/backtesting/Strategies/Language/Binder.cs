using System.Globalization;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Indicators;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>Gives the names of an expression their meaning, checks numbers against conditions, folds constants.</summary>
internal sealed class Binder
{
    private readonly Names names;

    /// <param name="parameters">The value of every parameter.</param>
    /// <param name="definitions">Expressions that others use by name.</param>
    /// <param name="plan">Gets the steps.</param>
    public Binder(
        IReadOnlyDictionary<string, double> parameters, IReadOnlyDictionary<string, PlacedExpression?> definitions, PlanBuilder plan)
    {
        names = new Names(parameters, new Definitions(definitions, Bind), plan);
        Plan = plan;
    }

    public PlanBuilder Plan { get; }

    /// <exception cref="ExpressionException">The expression is not a condition, or has an error inside.</exception>
    public int Condition(Syntax syntax) => Bind(syntax) is BoundCondition condition
        ? condition.Step
        : throw new ExpressionException(syntax.Column, "expected a condition, as in close > sma(close, 20), found a number");

    /// <exception cref="ExpressionException">The expression is not a number, or has an error inside.</exception>
    public Operand Number(Syntax syntax) => NumberOrNull(syntax, Bind(syntax))
        ?? throw new ExpressionException(syntax.Column, "expected a number, found a condition");

    /// <exception cref="ExpressionException">The expression has an error inside.</exception>
    public Bound Bind(Syntax syntax) => syntax switch
    {
        NumberSyntax number => new BoundNumber(Operand.Of(number.Value)),
        NameSyntax name => names.Meaning(name),
        CallSyntax call => names.Function(call).Bind(this, call)
            ?? throw new ExpressionException(call.Column, $"{call.Function} takes {names.Function(call).Signature}"),
        HistorySyntax history => History(history),
        MemberSyntax member => Member(member),
        UnarySyntax { Operator: "not" } not => new BoundCondition(Plan.Add(new NotStep(Condition(not.Operand)))),
        UnarySyntax minus => Compute(minus, Arithmetic.Multiply, Operand.Of(-1), Number(minus.Operand)),
        BinarySyntax binary => Binary(binary),
        _ => throw new NotSupportedException(syntax.GetType().Name),
    };

    /// <summary>The step of an expression that changes from bar to bar; null for a constant or a condition.</summary>
    internal int? SeriesOrNull(Syntax syntax) =>
        NumberOrNull(syntax, Bind(syntax)) is { IsConstant: false, Step: var step } ? step : null;

    /// <summary>The value of a period: a constant whole number within bounds.</summary>
    internal int Period(string function, Syntax syntax) => WholeNumber($"the period of {function}", syntax, 1);

    /// <exception cref="ExpressionException">Two constants make no finite number.</exception>
    internal BoundNumber Compute(Syntax syntax, Arithmetic operation, Operand left, Operand right)
    {
        if (!left.IsConstant || !right.IsConstant)
            return new BoundNumber(Operand.Column(Plan.Add(new ArithmeticStep(operation, left, right))));
        var value = ArithmeticKernel.Of(operation, left.Constant, right.Constant);
        return double.IsFinite(value)
            ? new BoundNumber(Operand.Of(value))
            : throw new ExpressionException(syntax.Column, "this is no finite number");
    }

    private int WholeNumber(string what, Syntax syntax, int least)
    {
        if (NumberOrNull(syntax, Bind(syntax)) is not { IsConstant: true, Constant: var value })
            throw new ExpressionException(syntax.Column, $"{what} must be a number or parameter, the same at every bar");
        if (value >= least && value <= StrategyLimits.Period && value == Math.Floor(value))
            return (int)value;
        var wanted = $"{what} must be a whole number from {least} to {StrategyLimits.Period}";
        var lookAhead = least == 0 && value < 0 ? "; no bar sees those after it" : "";
        throw new ExpressionException(syntax.Column, string.Create(CultureInfo.InvariantCulture, $"{wanted}, not {value}{lookAhead}"));
    }

    /// <summary>What an expression is as a number: of several results the main one. Null for a condition.</summary>
    private static Operand? NumberOrNull(Syntax syntax, Bound bound) => bound switch
    {
        BoundNumber number => number.Operand,
        BoundOutputs { Main: { } main } outputs => Operand.Column(outputs.Outputs[main]()),
        BoundOutputs outputs => throw Names.NeedsResult(syntax, outputs),
        _ => null,
    };

    private Bound History(HistorySyntax history)
    {
        var bound = Bind(history.Operand);
        var bars = WholeNumber("how many bars ago", history.Bars, 0);
        if (NumberOrNull(history.Operand, bound) is not { } number)
            return bound is BoundCondition condition && bars > 0 ? new BoundCondition(Plan.Add(new PastStep(condition.Step, bars))) : bound;
        if (number.IsConstant)
            throw new ExpressionException(history.Column, "only what changes from bar to bar has a history; this number is always the same");
        return new BoundNumber(bars > 0 ? Operand.Column(Plan.Add(new IndicatorStep(new Shift(bars), number.Step))) : number);
    }

    private BoundNumber Member(MemberSyntax member)
    {
        if (Bind(member.Operand) is not BoundOutputs outputs)
        {
            throw new ExpressionException(
                member.Column, $"\".{member.Name}\" goes right behind a function with several results, as in macd(close, 12, 26, 9).signal");
        }
        return outputs.Outputs.TryGetValue(member.Name, out var output)
            ? new BoundNumber(Operand.Column(output()))
            : throw Names.UnknownResult(member, outputs);
    }

    private Bound Binary(BinarySyntax binary) => binary.Operator switch
    {
        "+" => Compute(binary, Arithmetic.Add, Number(binary.Left), Number(binary.Right)),
        "-" => Compute(binary, Arithmetic.Subtract, Number(binary.Left), Number(binary.Right)),
        "*" => Compute(binary, Arithmetic.Multiply, Number(binary.Left), Number(binary.Right)),
        "/" => Compute(binary, Arithmetic.Divide, Number(binary.Left), Number(binary.Right)),
        "and" => new BoundCondition(Plan.Add(new AndStep(Condition(binary.Left), Condition(binary.Right)))),
        "or" => new BoundCondition(Plan.Add(new OrStep(Condition(binary.Left), Condition(binary.Right)))),
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
        var order = Plan.Add(new OrderStep(Number(binary.Left), Number(binary.Right)));
        return new BoundCondition(Plan.Add(new ConditionStep(order, accepted)));
    }
}

using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>The functions of the language that make a condition or count by one.</summary>
internal static class ConditionFunctions
{
    public static IReadOnlyDictionary<string, Function> All { get; } = new Dictionary<string, Function>(StringComparer.Ordinal)
    {
        ["cross_above"] = Crossing(Ordering.Less | Ordering.Tie, Ordering.Greater),
        ["cross_below"] = Crossing(Ordering.Greater | Ordering.Tie, Ordering.Less),
        ["bars_since"] = new("(condition)", (binder, call) => call.Arguments is [var condition]
            ? new BoundNumber(Operand.Column(binder.Plan.Add(new BarsSinceStep(binder.Condition(condition)))))
            : null),
    };

    private static Function Crossing(Ordering before, Ordering now) => new("(series, series or number)", (binder, call) =>
    {
        if (call.Arguments is not [var left, var right])
            return null;
        var order = binder.Plan.Add(new OrderStep(binder.Number(left), binder.Number(right)));
        var wasBefore = binder.Plan.Add(new PreviousStep(binder.Plan.Add(new ConditionStep(order, before))));
        return new BoundCondition(binder.Plan.Add(new AndStep(wasBefore, binder.Plan.Add(new ConditionStep(order, now)))));
    });
}

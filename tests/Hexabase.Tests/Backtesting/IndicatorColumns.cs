using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Tests.Backtesting;

/// <summary>The values of calls such as <c>bollinger(close, 20, 2)</c>, computed as a strategy computes them.</summary>
internal static class IndicatorColumns
{
    /// <param name="call">A call of an indicator function.</param>
    /// <param name="output">Which of several results; null for the main or only one.</param>
    public static double[] Of(Candles candles, string call, string? output = null)
    {
        var plan = new PlanBuilder();
        var step = Step(plan, call, output);
        plan.Keep(step);
        using var columns = Columns.Evaluate(plan.Build(), candles, CancellationToken.None);
        return columns.Numbers(step)[..candles.Count];
    }

    /// <summary>The bar from which on a strategy may count on it.</summary>
    public static int FirstDefined(string call, string? output = null)
    {
        var plan = new PlanBuilder();
        return plan.FirstDecisionBar([Step(plan, call, output)]) - 1;
    }

    /// <summary>The names of the results of a call; null alone when it has just one.</summary>
    public static IEnumerable<string?> Outputs(string call) =>
        Bind(new PlanBuilder(), call) is BoundOutputs outputs ? [.. outputs.Outputs.Keys] : (string?[])[null];

    public static int Step(PlanBuilder plan, string call, string? output = null) => Bind(plan, call) switch
    {
        BoundNumber number => number.Operand.Step,
        BoundOutputs outputs => outputs.Outputs[output ?? outputs.Main!](),
        var other => throw new InvalidOperationException($"{call} is {other}"),
    };

    public static Bound Bind(PlanBuilder plan, string call)
    {
        var nodes = StrategyLimits.Nodes;
        var syntax = (CallSyntax)ExpressionParser.Parse(call, ref nodes);
        var binder = new Binder(new Dictionary<string, double>(StringComparer.Ordinal), plan);
        return Vocabulary.Functions[syntax.Function].Bind(binder, syntax)
            ?? throw new ExpressionException(syntax.Column, $"{syntax.Function} takes {Vocabulary.Functions[syntax.Function].Signature}");
    }
}

using System.Globalization;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Tests.Backtesting;

/// <summary>Expressions by themselves, evaluated over all bars.</summary>
internal static class Expressions
{
    /// <summary>What an expression stands for, with its steps in <paramref name="plan"/>.</summary>
    public static Bound Bind(string expression, PlanBuilder plan)
    {
        var nodes = int.MaxValue;
        var noParameters = new Dictionary<string, double>(StringComparer.Ordinal);
        var noDefinitions = new Dictionary<string, PlacedExpression?>(StringComparer.Ordinal);
        return new Binder(noParameters, noDefinitions, plan).Bind(ExpressionParser.Parse(expression, ref nodes));
    }

    /// <summary>The numbers of a series, NaN where undefined.</summary>
    public static double[] Numbers(string expression, Candles candles)
    {
        var plan = new PlanBuilder();
        var step = Assert.IsType<BoundNumber>(Bind(expression, plan)).Operand.Step;
        plan.Keep(step);
        using var columns = Columns.Evaluate(plan.Build(), candles, CancellationToken.None);
        return columns.Numbers(step)[..candles.Count];
    }

    /// <summary>Numbers with spaces between them; "-" is undefined.</summary>
    public static string Text(double[] numbers) =>
        string.Join(' ', numbers.Select(number => double.IsNaN(number) ? "-" : number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The bars at which a condition is true, with spaces between them.</summary>
    public static string TrueAt(string expression, Candles candles)
    {
        var plan = new PlanBuilder();
        var step = Assert.IsType<BoundCondition>(Bind(expression, plan)).Step;
        plan.Keep(step);
        using var columns = Columns.Evaluate(plan.Build(), candles, CancellationToken.None);
        var trueAt = new List<int>();
        for (var bar = 0; bar < candles.Count; bar++)
        {
            if (Bits.IsSet(columns.Condition(step), bar))
                trueAt.Add(bar);
        }
        return string.Join(' ', trueAt);
    }
}

using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Indicators;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>The functions of the language that calculate with the numbers of each bar.</summary>
internal static class NumberFunctions
{
    public static IReadOnlyDictionary<string, Function> All { get; } = new Dictionary<string, Function>(StringComparer.Ordinal)
    {
        ["abs"] = new("(number)", (binder, call) => call.Arguments is [var x] ? Absolute(binder, call, binder.Number(x)) : null),
        ["min"] = OfTwo(Arithmetic.Min),
        ["max"] = OfTwo(Arithmetic.Max),
        ["change"] = new("(series) or (series, period)", (binder, call) => call.Arguments switch
        {
            [var series] => Change(binder, call, series, 1),
            [var series, var period] => Change(binder, call, series, binder.Period(call.Function, period)),
            _ => null,
        }),
    };

    private static Function OfTwo(Arithmetic operation) => new("(number, number)", (binder, call) =>
        call.Arguments is [var left, var right] ? binder.Compute(call, operation, binder.Number(left), binder.Number(right)) : null);

    private static BoundNumber Absolute(Binder binder, Syntax call, Operand x) =>
        binder.Compute(call, Arithmetic.Max, x, binder.Compute(call, Arithmetic.Multiply, Operand.Of(-1), x).Operand);

    private static BoundNumber? Change(Binder binder, Syntax call, Syntax series, int bars)
    {
        if (binder.SeriesOrNull(series) is not { } now)
            return null;
        var before = binder.Plan.Add(new IndicatorStep(new Shift(bars), now));
        return binder.Compute(call, Arithmetic.Subtract, Operand.Column(now), Operand.Column(before));
    }
}

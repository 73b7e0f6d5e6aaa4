using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>A function of the language.</summary>
/// <param name="Signature">Its arguments as error messages show them.</param>
/// <param name="Bind">Gives a call its meaning; null when the arguments are not those of the signature.</param>
internal sealed record Function(string Signature, Func<Binder, CallSyntax, Bound?> Bind);

/// <summary>Every word that the language knows by itself.</summary>
internal static class Vocabulary
{
    private static readonly string[] Keywords = ["and", "or", "not"];

    public static IReadOnlyDictionary<string, PriceSeries> Series { get; } = new Dictionary<string, PriceSeries>(StringComparer.Ordinal)
    {
        ["open"] = PriceSeries.Open,
        ["high"] = PriceSeries.High,
        ["low"] = PriceSeries.Low,
        ["close"] = PriceSeries.Close,
    };

    public static IReadOnlyDictionary<string, Function> Functions { get; } = new Dictionary<string, Function>(StringComparer.Ordinal)
    {
        ["cross_above"] = Crossing(Ordering.Less | Ordering.Tie, Ordering.Greater),
        ["cross_below"] = Crossing(Ordering.Greater | Ordering.Tie, Ordering.Less),
    }.Concat(IndicatorFunctions.All).ToDictionary(StringComparer.Ordinal);

    public static bool IsReserved(string name) =>
        Keywords.Contains(name, StringComparer.Ordinal) || Series.ContainsKey(name) || Functions.ContainsKey(name);

    private static Function Crossing(Ordering before, Ordering now) => new("(series, series or number)", (binder, call) =>
    {
        if (call.Arguments is not [var left, var right])
            return null;
        var order = binder.Plan.Add(new OrderStep(binder.Number(left), binder.Number(right)));
        var wasBefore = binder.Plan.Add(new PreviousStep(binder.Plan.Add(new ConditionStep(order, before))));
        return new BoundCondition(binder.Plan.Add(new AndStep(wasBefore, binder.Plan.Add(new ConditionStep(order, now)))));
    });
}

using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Indicators;

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
        ["sma"] = SeriesAndPeriod(period => new Sma(period)),
        ["ema"] = SeriesAndPeriod(period => new Ema(period)),
        ["rsi"] = SeriesAndPeriod(period => new Rsi(period)),
        ["cross_above"] = Crossing(Ordering.Less | Ordering.Tie, Ordering.Greater),
        ["cross_below"] = Crossing(Ordering.Greater | Ordering.Tie, Ordering.Less),
    };

    public static bool IsReserved(string name) =>
        Keywords.Contains(name, StringComparer.Ordinal) || Series.ContainsKey(name) || Functions.ContainsKey(name);

    private static Function SeriesAndPeriod(Func<int, Indicator> indicator) => new("(series, period)", (binder, call) =>
        call.Arguments is [var series, var period] && binder.SeriesOrNull(series) is { } input
            ? new BoundNumber(Operand.Column(binder.Plan.Add(new IndicatorStep(indicator(binder.Period(call.Function, period)), input))))
            : null);

    private static Function Crossing(Ordering before, Ordering now) => new("(series, series or number)", (binder, call) =>
    {
        if (call.Arguments is not [var left, var right])
            return null;
        var order = binder.Plan.Add(new OrderStep(binder.Number(left), binder.Number(right)));
        var wasBefore = binder.Plan.Add(new PreviousStep(binder.Plan.Add(new ConditionStep(order, before))));
        return new BoundCondition(binder.Plan.Add(new AndStep(wasBefore, binder.Plan.Add(new ConditionStep(order, now)))));
    });
}

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

    /// <summary>What candles have by themselves, as a step of a plan.</summary>
    public static IReadOnlyDictionary<string, Func<PlanBuilder, int>> Series { get; } =
        new Dictionary<string, Func<PlanBuilder, int>>(StringComparer.Ordinal)
        {
            ["open"] = plan => Language.Series.Of(plan, PriceSeries.Open),
            ["high"] = plan => Language.Series.Of(plan, PriceSeries.High),
            ["low"] = plan => Language.Series.Of(plan, PriceSeries.Low),
            ["close"] = plan => Language.Series.Of(plan, PriceSeries.Close),
            ["volume"] = plan => Language.Series.Of(plan, PriceSeries.Volume),
            ["hl2"] = Language.Series.Hl2,
            ["hlc3"] = Language.Series.Hlc3,
            ["ohlc4"] = Language.Series.Ohlc4,
            ["hour"] = plan => Language.Series.Of(plan, PriceSeries.Hour),
            ["minute"] = plan => Language.Series.Of(plan, PriceSeries.Minute),
            ["weekday"] = plan => Language.Series.Of(plan, PriceSeries.Weekday),
        };

    public static IReadOnlyDictionary<string, Function> Functions { get; } =
        ConditionFunctions.All.Concat(NumberFunctions.All).Concat(IndicatorFunctions.All).ToDictionary(StringComparer.Ordinal);

    public static bool IsReserved(string name) =>
        Keywords.Contains(name, StringComparer.Ordinal) || Series.ContainsKey(name) || Functions.ContainsKey(name);
}

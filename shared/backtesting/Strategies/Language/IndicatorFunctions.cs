using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Indicators;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>The functions of the language that are indicators.</summary>
internal static class IndicatorFunctions
{
    public static IReadOnlyDictionary<string, Function> All { get; } = new Dictionary<string, Function>(StringComparer.Ordinal)
    {
        ["sma"] = SeriesAndPeriod(period => new Sma(period)),
        ["ema"] = SeriesAndPeriod(period => new Ema(period)),
        ["rsi"] = SeriesAndPeriod(period => new Rsi(period)),
    };

    private static Function SeriesAndPeriod(Func<int, Indicator> indicator) => new("(series, period)", (binder, call) =>
        call.Arguments is [var series, var period] && binder.SeriesOrNull(series) is { } input
            ? new BoundNumber(Operand.Column(binder.Plan.Add(new IndicatorStep(indicator(binder.Period(call.Function, period)), input))))
            : null);
}

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
        ["wma"] = SeriesAndPeriod(period => new Wma(period)),
        ["rsi"] = SeriesAndPeriod(period => new Rsi(period)),
        ["roc"] = SeriesAndPeriod(period => new Roc(period)),
        ["stdev"] = SeriesAndPeriod(period => new Stdev(period)),
        ["highest"] = SeriesAndPeriod(period => new Highest(period)),
        ["lowest"] = SeriesAndPeriod(period => new Lowest(period)),
        ["momentum"] = OfSeries("(series, period)", (plan, series, arguments) => Number(plan.Momentum(series, arguments.Period(1)))),
        ["macd"] = OfSeries("(series, fast, slow, signal)", (plan, series, arguments) =>
            Macd(plan, series, arguments.Period(1), arguments.Period(2), arguments.Period(3))),
        ["bollinger"] = OfSeries("(series, period, width)", (plan, series, arguments) =>
            Bollinger(plan, series, arguments.Period(1), arguments.Positive(2, "width"))),
        ["true_range"] = OfCandles("()", (plan, _) => Number(plan.TrueRange())),
        ["atr"] = OfCandles("(period)", (plan, arguments) => Number(plan.Atr(arguments.Period(0)))),
        ["cci"] = OfCandles("(period)", (plan, arguments) => Number(plan.Of(new Cci(arguments.Period(0)), Series.Hlc3(plan)))),
        ["williams_r"] = OfCandles("(period)", (plan, arguments) => Number(plan.RangePosition(arguments.Period(0), RangeEnd.High))),
        ["obv"] = OfCandles("()", (plan, _) => Number(plan.Obv())),
        ["vwap"] = OfCandles("()", (plan, _) => Number(plan.Vwap())),
        ["stochastic"] = OfCandles("(k_period, k_smoothing, d_period)", (plan, arguments) =>
            Stochastic(plan, arguments.Period(0), arguments.Period(1), arguments.Period(2))),
        ["adx"] = OfCandles("(period)", (plan, arguments) => Adx(plan, arguments.Period(0))),
        ["donchian"] = OfCandles("(period)", (plan, arguments) => Donchian(plan, arguments.Period(0))),
        ["keltner"] = OfCandles("(period, atr_period, multiple)", (plan, arguments) =>
            Keltner(plan, arguments.Period(0), arguments.Period(1), arguments.Positive(2, "multiple"))),
        ["ichimoku"] = OfCandles("(conversion, base, span)", (plan, arguments) =>
            Ichimoku(plan, arguments.Period(0), arguments.Period(1), arguments.Period(2))),
        ["parabolic_sar"] = OfCandles("(step, maximum)", (plan, arguments) =>
            ParabolicSar(plan, arguments.Positive(0, "step"), arguments.Positive(1, "maximum"))),
        ["supertrend"] = OfCandles("(period, multiple)", (plan, arguments) =>
            Supertrend(plan, arguments.Period(0), arguments.Positive(1, "multiple"))),
    };

    private static BoundOutputs Macd(PlanBuilder plan, int series, int fast, int slow, int signalPeriod)
    {
        int Line() => plan.MacdLine(series, fast, slow);
        int Signal() => plan.Of(new Ema(signalPeriod), Line());
        return Outputs(
            "line",
            ("line", () => plan.Of(new Withheld(signalPeriod - 1), Line())),
            ("signal", Signal),
            ("histogram", () => plan.Difference(Line(), Signal())));
    }

    private static BoundOutputs Bollinger(PlanBuilder plan, int series, int period, double width) => Band(
        plan, () => plan.Of(new Sma(period), series), () => plan.Times(plan.Of(new Stdev(period), series), width));

    private static BoundOutputs Keltner(PlanBuilder plan, int period, int atrPeriod, double multiple) => Band(
        plan, () => plan.Of(new Ema(period), plan.Close()), () => plan.Times(plan.Atr(atrPeriod), multiple));

    private static BoundOutputs Band(PlanBuilder plan, Func<int> middle, Func<int> halfWidth) => Outputs(
        null,
        ("upper", () => plan.Sum(middle(), halfWidth())),
        ("middle", middle),
        ("lower", () => plan.Difference(middle(), halfWidth())));

    private static BoundOutputs Donchian(PlanBuilder plan, int period) => Outputs(
        null,
        ("upper", () => plan.HighestHigh(period)),
        ("middle", () => plan.RangeMiddle(period)),
        ("lower", () => plan.LowestLow(period)));

    private static BoundOutputs Stochastic(PlanBuilder plan, int period, int smoothing, int signalPeriod)
    {
        int Smoothed() => plan.Of(new Sma(smoothing), plan.RangePosition(period, RangeEnd.Low));
        return Outputs(
            "k",
            ("k", () => plan.Of(new Withheld(signalPeriod - 1), Smoothed())),
            ("d", () => plan.Of(new Sma(signalPeriod), Smoothed())));
    }

    private static BoundOutputs Adx(PlanBuilder plan, int period) => Outputs(
        "adx",
        ("adx", () => plan.Adx(period)),
        ("plus_di", () => plan.DirectionalIndicator(period, MovementSide.Up)),
        ("minus_di", () => plan.DirectionalIndicator(period, MovementSide.Down)));

    /// <summary>The spans are drawn <paramref name="basePeriod"/> bars ahead, so those over this bar were computed that many bars ago.</summary>
    private static BoundOutputs Ichimoku(PlanBuilder plan, int conversionPeriod, int basePeriod, int spanPeriod)
    {
        int Conversion() => plan.RangeMiddle(conversionPeriod);
        int Base() => plan.RangeMiddle(basePeriod);
        int Drawn(int span) => plan.Of(new Shift(basePeriod), span);
        return Outputs(
            null,
            ("conversion", Conversion),
            ("base", Base),
            ("span_a", () => Drawn(plan.Mean(Conversion(), Base()))),
            ("span_b", () => Drawn(plan.RangeMiddle(spanPeriod))));
    }

    private static BoundOutputs ParabolicSar(PlanBuilder plan, double step, double maximum) => Outputs(
        "sar",
        ("sar", () => plan.ParabolicSar(step, maximum, Trend.Line)),
        ("direction", () => plan.ParabolicSar(step, maximum, Trend.Direction)));

    private static BoundOutputs Supertrend(PlanBuilder plan, int period, double multiple) => Outputs(
        "line",
        ("line", () => plan.Supertrend(period, multiple, Trend.Line)),
        ("direction", () => plan.Supertrend(period, multiple, Trend.Direction)));

    private static Function SeriesAndPeriod(Func<int, Indicator> indicator) => OfSeries(
        "(series, period)", (plan, series, arguments) => Number(plan.Of(indicator(arguments.Period(1)), series)));

    /// <summary>A function whose first argument is the series it works on.</summary>
    private static Function OfSeries(string signature, Func<PlanBuilder, int, Arguments, Bound> bind) => new(signature, (binder, call) =>
        Arguments.Fit(signature, call) && binder.SeriesOrNull(call.Arguments[0]) is { } series
            ? bind(binder.Plan, series, new Arguments(binder, call))
            : null);

    /// <summary>A function that works on the candles themselves.</summary>
    private static Function OfCandles(string signature, Func<PlanBuilder, Arguments, Bound> bind) => new(signature, (binder, call) =>
        Arguments.Fit(signature, call) ? bind(binder.Plan, new Arguments(binder, call)) : null);

    private static BoundNumber Number(int step) => new(Operand.Column(step));

    private static BoundOutputs Outputs(string? main, params (string Name, Func<int> Step)[] outputs) =>
        new(outputs.ToDictionary(output => output.Name, output => output.Step, StringComparer.Ordinal), main);
}

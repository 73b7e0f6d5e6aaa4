using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Indicators;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>
/// Indicators as steps of a plan, composed of one another where that costs nothing: a step that several of them need is computed once.
/// </summary>
internal static class IndicatorSteps
{
    public static int Of(this PlanBuilder plan, Indicator indicator, int first, int second = -1, int third = -1) =>
        plan.Add(new IndicatorStep(indicator, first, second, third));

    public static int Momentum(this PlanBuilder plan, int series, int period) =>
        plan.Difference(series, plan.Of(new Shift(period), series));

    public static int TrueRange(this PlanBuilder plan) => plan.Of(new TrueRange(), plan.High(), plan.Low(), plan.Close());

    public static int Atr(this PlanBuilder plan, int period) => plan.Of(new WilderAverage(period), plan.TrueRange());

    /// <summary>The difference of two averages that begin together, at the slower one's first value.</summary>
    public static int MacdLine(this PlanBuilder plan, int series, int fast, int slow)
    {
        var longest = Math.Max(fast, slow);
        return plan.Difference(
            plan.Of(new Ema(fast, longest - fast), series), plan.Of(new Ema(slow, longest - slow), series));
    }

    public static int HighestHigh(this PlanBuilder plan, int period) => plan.Of(new Highest(period), plan.High());

    public static int LowestLow(this PlanBuilder plan, int period) => plan.Of(new Lowest(period), plan.Low());

    /// <summary>Halfway between the highest high and the lowest low.</summary>
    public static int RangeMiddle(this PlanBuilder plan, int period) =>
        plan.Mean(plan.HighestHigh(period), plan.LowestLow(period));

    /// <summary>The close's place in the range of the last bars: Stochastic %K, or Williams %R counted from the high.</summary>
    public static int RangePosition(this PlanBuilder plan, int period, RangeEnd from) =>
        plan.Of(new RangePosition(from), plan.Close(), plan.HighestHigh(period), plan.LowestLow(period));

    public static int DirectionalIndicator(this PlanBuilder plan, int period, MovementSide side)
    {
        var movement = plan.Of(new DirectionalMovement(side), plan.High(), plan.Low());
        return plan.Of(new DirectionalIndicator(period), movement, plan.TrueRange());
    }

    public static int Adx(this PlanBuilder plan, int period)
    {
        var plus = plan.DirectionalIndicator(period, MovementSide.Up);
        var minus = plan.DirectionalIndicator(period, MovementSide.Down);
        return plan.Of(new WilderAverage(period), plan.Of(new DirectionalIndex(), plus, minus));
    }

    public static int Obv(this PlanBuilder plan) => plan.Of(new Obv(), plan.Close(), Series.Of(plan, PriceSeries.Volume));

    public static int Vwap(this PlanBuilder plan) =>
        plan.Of(new Vwap(), Series.Hlc3(plan), Series.Of(plan, PriceSeries.Volume), Series.Of(plan, PriceSeries.Day));

    public static int ParabolicSar(this PlanBuilder plan, double step, double maximum, Trend output) =>
        plan.Of(new ParabolicSar(step, maximum, output), plan.High(), plan.Low());

    public static int Supertrend(this PlanBuilder plan, int period, double multiple, Trend output) =>
        plan.Of(new Supertrend(multiple, output), Series.Hl2(plan), plan.Close(), plan.Atr(period));

    public static int Sum(this PlanBuilder plan, int left, int right) => plan.Compute(Arithmetic.Add, left, Operand.Column(right));

    public static int Difference(this PlanBuilder plan, int left, int right) =>
        plan.Compute(Arithmetic.Subtract, left, Operand.Column(right));

    public static int Mean(this PlanBuilder plan, int left, int right) =>
        plan.Compute(Arithmetic.Divide, plan.Sum(left, right), Operand.Of(2));

    public static int Times(this PlanBuilder plan, int series, double factor) =>
        plan.Compute(Arithmetic.Multiply, series, Operand.Of(factor));

    public static int High(this PlanBuilder plan) => Series.Of(plan, PriceSeries.High);

    public static int Low(this PlanBuilder plan) => Series.Of(plan, PriceSeries.Low);

    public static int Close(this PlanBuilder plan) => Series.Of(plan, PriceSeries.Close);

    private static int Compute(this PlanBuilder plan, Arithmetic operation, int left, Operand right) =>
        plan.Add(new ArithmeticStep(operation, Operand.Column(left), right));
}

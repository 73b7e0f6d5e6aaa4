using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>The series that candles have by themselves, as steps of a plan.</summary>
internal static class Series
{
    public static int Of(PlanBuilder plan, PriceSeries series) => plan.Add(new SeriesStep(series));

    /// <summary>The middle of the bar: (high + low) / 2.</summary>
    public static int Hl2(PlanBuilder plan) => Divide(plan, Add(plan, Of(plan, PriceSeries.High), PriceSeries.Low), 2);

    /// <summary>The typical price: (high + low + close) / 3.</summary>
    public static int Hlc3(PlanBuilder plan) =>
        Divide(plan, Add(plan, Add(plan, Of(plan, PriceSeries.High), PriceSeries.Low), PriceSeries.Close), 3);

    /// <summary>(open + high + low + close) / 4.</summary>
    public static int Ohlc4(PlanBuilder plan) => Divide(
        plan, Add(plan, Add(plan, Add(plan, Of(plan, PriceSeries.Open), PriceSeries.High), PriceSeries.Low), PriceSeries.Close), 4);

    private static int Add(PlanBuilder plan, int sum, PriceSeries series) =>
        plan.Add(new ArithmeticStep(Arithmetic.Add, Operand.Column(sum), Operand.Column(Of(plan, series))));

    private static int Divide(PlanBuilder plan, int sum, double by) =>
        plan.Add(new ArithmeticStep(Arithmetic.Divide, Operand.Column(sum), Operand.Of(by)));
}

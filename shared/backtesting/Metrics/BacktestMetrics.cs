using System.Text.Json.Serialization;

namespace Hexabase.Backtesting.Metrics;

/// <summary>
/// A run in numbers, each defined in docs/metrics.md. Money is in the currency of the account; null where a number has no meaning (no
/// trades, no losses …).
/// </summary>
/// <param name="Wins">Trades with a profit above zero.</param>
/// <param name="Losses">Trades with a profit below zero.</param>
/// <param name="NetProfit">Sum of all trades, after costs.</param>
/// <param name="GrossProfit">Sum of the wins.</param>
/// <param name="GrossLoss">Minus the sum of the losses, so at least 0.</param>
/// <param name="Swap">Sum of the interest for nights; below 0 when it was paid.</param>
/// <param name="ProfitFactor">Gross profit / gross loss.</param>
/// <param name="WinRate">Wins / trades, 0 to 1.</param>
/// <param name="Expectancy">Net profit / trades: the average trade.</param>
/// <param name="AvgLoss">Below 0.</param>
/// <param name="PayoffRatio">Average win / average loss, above 0.</param>
/// <param name="AvgTradePct">Mean of the trades' returns, in percent of the value at entry.</param>
/// <param name="Sqn">System quality number: mean over sample standard deviation of the trades' profits, times the root of their number.</param>
/// <param name="FinalEquity">After the last position was closed.</param>
/// <param name="ReturnPct">Percent of the initial cash.</param>
/// <param name="CagrPct">Compound annual growth rate, percent a year of 365.25 days.</param>
/// <param name="MaxDrawdownAbs">Furthest fall of the equity below its peak so far.</param>
/// <param name="MaxDrawdownPct">Furthest such fall in percent of the peak; maybe at another bar.</param>
/// <param name="MaxDrawdownBars">Most bars in a row below the peak.</param>
/// <param name="MaxDrawdownSeconds">How long these took: from the bar of the peak to the bar that reached it again, or the last.</param>
/// <param name="RecoveryFactor">Net profit / furthest fall.</param>
/// <param name="ExposurePct">Bars covered by a trade, both ends counted, in percent of all bars.</param>
/// <param name="SharpeDaily252">
/// Mean over sample standard deviation of the returns between the last equities of consecutive UTC days that have a bar, times √252.
/// </param>
/// <param name="SortinoDaily252">The same mean over the root of the mean square of the negative returns alone, times √252.</param>
/// <param name="Calmar">Annual growth rate / furthest fall in percent.</param>
public sealed record BacktestMetrics(
    int Trades,
    int Wins,
    int Losses,
    int LongTrades,
    double NetProfit,
    double GrossProfit,
    double GrossLoss,
    double Commission,
    double Swap,
    double? ProfitFactor,
    double? WinRate,
    double? Expectancy,
    double? AvgWin,
    double? AvgLoss,
    double? PayoffRatio,
    double? AvgTradePct,
    double? Sqn,
    int MaxConsecutiveLosses,
    double FinalEquity,
    double ReturnPct,
    double? CagrPct,
    double MaxDrawdownAbs,
    double MaxDrawdownPct,
    int MaxDrawdownBars,
    long MaxDrawdownSeconds,
    double? RecoveryFactor,
    double ExposurePct,
    [property: JsonPropertyName("sharpe_daily_252")] double? SharpeDaily252,
    [property: JsonPropertyName("sortino_daily_252")] double? SortinoDaily252,
    double? Calmar)
{
    /// <summary>Far beyond all money, and small enough that squares and sums over many trades are still numbers.</summary>
    private const double MostMoney = 1e100;

    /// <summary>False when the account outgrew all bounds, or a figure is no number at all; then none of them means anything.</summary>
    internal bool IsWithinBounds =>
        GrossProfit < MostMoney && GrossLoss < MostMoney && Math.Abs(FinalEquity) < MostMoney && MaxDrawdownAbs < MostMoney;
}

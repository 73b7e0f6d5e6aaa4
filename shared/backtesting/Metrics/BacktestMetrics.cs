using System.Text.Json.Serialization;

namespace Hexabase.Backtesting.Metrics;

/// <summary>A run in numbers. Money is in the quote currency; null where a number has no meaning (no trades, no losses …).</summary>
/// <param name="Wins">Trades with a profit above zero.</param>
/// <param name="Losses">Trades with a profit below zero.</param>
/// <param name="NetProfit">Sum of all trades.</param>
/// <param name="GrossProfit">Sum of the wins.</param>
/// <param name="GrossLoss">Minus the sum of the losses, so at least 0.</param>
/// <param name="ProfitFactor">Gross profit / gross loss.</param>
/// <param name="WinRate">Wins / trades, 0 to 1.</param>
/// <param name="Expectancy">Net profit / trades.</param>
/// <param name="AvgLoss">Below 0.</param>
/// <param name="FinalEquity">After the last position was closed.</param>
/// <param name="ReturnPct">Percent of the initial cash.</param>
/// <param name="MaxDrawdownAbs">Furthest fall of the equity below its peak so far.</param>
/// <param name="MaxDrawdownPct">Furthest such fall in percent of the peak; maybe at another bar.</param>
/// <param name="MaxDrawdownBars">Most bars in a row below the peak.</param>
/// <param name="ExposurePct">Bars covered by a trade, both ends counted, in percent of all bars.</param>
/// <param name="SharpeDaily252">
/// Mean over sample standard deviation of the returns between the last equities of consecutive UTC days that have a bar, times √252.
/// </param>
public sealed record BacktestMetrics(
    int Trades,
    int Wins,
    int Losses,
    int LongTrades,
    double NetProfit,
    double GrossProfit,
    double GrossLoss,
    double Commission,
    double? ProfitFactor,
    double? WinRate,
    double? Expectancy,
    double? AvgWin,
    double? AvgLoss,
    int MaxConsecutiveLosses,
    double FinalEquity,
    double ReturnPct,
    double MaxDrawdownAbs,
    double MaxDrawdownPct,
    int MaxDrawdownBars,
    double ExposurePct,
    [property: JsonPropertyName("sharpe_daily_252")] double? SharpeDaily252);

using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Metrics;

namespace Hexabase.Backtesting.Results;

/// <summary>The metrics of a run, of one side of it, and month by month.</summary>
internal static class MetricsJson
{
    public static void Write(ref CanonicalWriter json, BacktestMetrics metrics)
    {
        json.BeginObject();
        json.Property("avg_loss"u8, metrics.AvgLoss);
        json.Property("avg_trade_pct"u8, metrics.AvgTradePct);
        json.Property("avg_win"u8, metrics.AvgWin);
        json.Property("cagr_pct"u8, metrics.CagrPct);
        json.Property("calmar"u8, metrics.Calmar);
        json.Property("commission"u8, metrics.Commission);
        json.Property("expectancy"u8, metrics.Expectancy);
        json.Property("exposure_pct"u8, metrics.ExposurePct);
        json.Property("final_equity"u8, metrics.FinalEquity);
        json.Property("gross_loss"u8, metrics.GrossLoss);
        json.Property("gross_profit"u8, metrics.GrossProfit);
        json.Property("long_trades"u8, metrics.LongTrades);
        json.Property("losses"u8, metrics.Losses);
        json.Property("max_consecutive_losses"u8, metrics.MaxConsecutiveLosses);
        json.Property("max_drawdown_abs"u8, metrics.MaxDrawdownAbs);
        json.Property("max_drawdown_bars"u8, metrics.MaxDrawdownBars);
        json.Property("max_drawdown_pct"u8, metrics.MaxDrawdownPct);
        json.Property("max_drawdown_seconds"u8, metrics.MaxDrawdownSeconds);
        json.Property("net_profit"u8, metrics.NetProfit);
        json.Property("payoff_ratio"u8, metrics.PayoffRatio);
        json.Property("profit_factor"u8, metrics.ProfitFactor);
        json.Property("recovery_factor"u8, metrics.RecoveryFactor);
        json.Property("return_pct"u8, metrics.ReturnPct);
        json.Property("sharpe_daily_252"u8, metrics.SharpeDaily252);
        json.Property("sortino_daily_252"u8, metrics.SortinoDaily252);
        json.Property("sqn"u8, metrics.Sqn);
        json.Property("swap"u8, metrics.Swap);
        json.Property("trades"u8, metrics.Trades);
        json.Property("win_rate"u8, metrics.WinRate);
        json.Property("wins"u8, metrics.Wins);
        json.EndObject();
    }

    public static void Write(ref CanonicalWriter json, SideMetrics side)
    {
        json.BeginObject();
        json.Property("avg_loss"u8, side.AvgLoss);
        json.Property("avg_win"u8, side.AvgWin);
        json.Property("expectancy"u8, side.Expectancy);
        json.Property("gross_loss"u8, side.GrossLoss);
        json.Property("gross_profit"u8, side.GrossProfit);
        json.Property("losses"u8, side.Losses);
        json.Property("net_profit"u8, side.NetProfit);
        json.Property("profit_factor"u8, side.ProfitFactor);
        json.Property("trades"u8, side.Trades);
        json.Property("win_rate"u8, side.WinRate);
        json.Property("wins"u8, side.Wins);
        json.EndObject();
    }

    public static void Write(ref CanonicalWriter json, IReadOnlyList<MonthlyReturn> months)
    {
        json.BeginTable("year", "month", "return_pct");
        foreach (var month in months)
        {
            json.BeginArray();
            json.Number(month.Year);
            json.Number(month.Month);
            json.Number(month.ReturnPct);
            json.EndArray();
        }
        json.EndTable();
    }
}

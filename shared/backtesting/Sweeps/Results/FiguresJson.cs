using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Metrics;

namespace Hexabase.Backtesting.Sweeps.Results;

/// <summary>The few figures of a set that a search's result holds, as cells of a table or properties of an object.</summary>
internal static class FiguresJson
{
    public static IReadOnlyList<string> Columns { get; } =
        ["objective", "net_profit", "max_drawdown_pct", "profit_factor", "sharpe", "trades", "win_rate"];

    /// <summary>Null in every cell for a set that was not measured.</summary>
    public static void WriteCells(ref CanonicalWriter json, Objective objective, BacktestMetrics? metrics)
    {
        json.Number(metrics is null ? null : objective.Of(metrics));
        json.Number(metrics?.NetProfit);
        json.Number(metrics?.MaxDrawdownPct);
        json.Number(metrics?.ProfitFactor);
        json.Number(metrics?.SharpeDaily252);
        json.Number((double?)metrics?.Trades);
        json.Number(metrics?.WinRate);
    }

    /// <summary>Null for a set that was not measured.</summary>
    public static void Write(ref CanonicalWriter json, Objective objective, BacktestMetrics? metrics)
    {
        if (metrics is null)
        {
            json.Null();
            return;
        }
        json.BeginObject();
        json.Property("max_drawdown_pct"u8, metrics.MaxDrawdownPct);
        json.Property("net_profit"u8, metrics.NetProfit);
        json.Property("objective"u8, objective.Of(metrics));
        json.Property("profit_factor"u8, metrics.ProfitFactor);
        json.Property("sharpe"u8, metrics.SharpeDaily252);
        json.Property("trades"u8, metrics.Trades);
        json.Property("win_rate"u8, metrics.WinRate);
        json.EndObject();
    }
}

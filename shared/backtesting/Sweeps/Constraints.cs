using Hexabase.Backtesting.Metrics;

namespace Hexabase.Backtesting.Sweeps;

/// <summary>What a set must reach to be among the best; null for no demand. A figure without a meaning meets no demand on it.</summary>
internal sealed record Constraints(int? MinTrades, double? MinProfitFactor, double? MaxDrawdownPct)
{
    public bool Accept(BacktestMetrics metrics) =>
        (MinTrades is not { } trades || metrics.Trades >= trades)
        && (MinProfitFactor is not { } factor || metrics.ProfitFactor >= factor)
        && (MaxDrawdownPct is not { } drawdown || metrics.MaxDrawdownPct <= drawdown);
}

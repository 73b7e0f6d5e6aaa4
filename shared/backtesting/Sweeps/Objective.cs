using Hexabase.Backtesting.Metrics;

namespace Hexabase.Backtesting.Sweeps;

/// <summary>The figure that a search is after.</summary>
/// <param name="Name">As searches and results spell it.</param>
internal sealed record Objective(string Name, bool LessIsBetter, Func<BacktestMetrics, double?> Of)
{
    public static IReadOnlyList<Objective> All { get; } =
    [
        new("net_profit", LessIsBetter: false, metrics => metrics.NetProfit),
        new("cagr_pct", LessIsBetter: false, metrics => metrics.CagrPct),
        new("profit_factor", LessIsBetter: false, metrics => metrics.ProfitFactor),
        new("expectancy", LessIsBetter: false, metrics => metrics.Expectancy),
        new("win_rate", LessIsBetter: false, metrics => metrics.WinRate),
        new("sharpe", LessIsBetter: false, metrics => metrics.SharpeDaily252),
        new("sortino", LessIsBetter: false, metrics => metrics.SortinoDaily252),
        new("calmar", LessIsBetter: false, metrics => metrics.Calmar),
        new("sqn", LessIsBetter: false, metrics => metrics.Sqn),
        new("recovery_factor", LessIsBetter: false, metrics => metrics.RecoveryFactor),
        new("max_drawdown_pct", LessIsBetter: true, metrics => metrics.MaxDrawdownPct),
    ];

    /// <summary>How good a figure is, the more the better; one without a meaning is worse than any other.</summary>
    public double Merit(double? figure) => figure is not { } number ? double.NegativeInfinity : LessIsBetter ? -number : number;
}

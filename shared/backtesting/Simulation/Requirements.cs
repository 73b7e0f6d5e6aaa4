using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>What candles must have for a strategy to be run on them; null when they have it.</summary>
internal static class Requirements
{
    /// <summary>Slippage may be at most this share of any price.</summary>
    private const double MostSlippage = 0.1;

    public static BacktestOutcome.Failed? Unmet(StrategyDefinition strategy, Candles candles)
    {
        var needed = strategy.FirstDecisionBar + 2;
        return candles.Count < needed
                ? new("TOO_FEW_CANDLES", $"The strategy needs at least {needed} candles, the dataset has {candles.Count}.")
            : strategy.Plan.IsTooLargeFor(candles.Count)
                ? new("TOO_LARGE", $"The strategy is too large for {candles.Count} candles: use fewer indicators or fewer candles.")
            : Unmet(strategy.Account.Costs, candles);
    }

    /// <summary>The part of it that concerns costs.</summary>
    public static BacktestOutcome.Failed? Unmet(TradingCosts costs, Candles candles)
    {
        if (costs.Spread.Measure == SpreadMeasure.FromData && candles.SpreadColumn is null)
            return new("NO_SPREAD", "costs.spread_from_data: the dataset has no spread column.");
        if (costs.Slippage == 0)
            return null;
        foreach (var low in candles.Low)
        {
            if (costs.Slippage > MostSlippage * low)
                return new("SLIPPAGE_TOO_LARGE", "costs.slippage_pips: more than a tenth of the lowest price; the pips are not those of these prices.");
        }
        return null;
    }
}

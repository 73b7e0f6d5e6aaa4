using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>What candles must have for a strategy to be run on them; null when they have it.</summary>
internal static class Requirements
{
    /// <summary>Spread and slippage may each be at most this share of any price.</summary>
    private const double MostOfPrice = 0.1;

    private const string TooLarge = "more than a tenth of the lowest price";

    public static BacktestOutcome.Failed? Unmet(StrategyDefinition strategy, Candles candles)
    {
        var needed = strategy.FirstDecisionBar + 2;
        return candles.Count < needed
                ? new("TOO_FEW_CANDLES", $"The strategy needs at least {needed} candles, the dataset has {candles.Count}.")
            : strategy.Plan.IsTooLargeFor(candles.Count)
                ? new("TOO_LARGE", $"The strategy is too large for {candles.Count} candles: use fewer indicators or fewer candles.")
            : UnmetWithAnyParameters(strategy, candles);
    }

    /// <summary>The part of it that is the same whatever the values of the parameters.</summary>
    public static BacktestOutcome.Failed? UnmetWithAnyParameters(StrategyDefinition strategy, Candles candles)
    {
        var costs = strategy.Account.Costs;
        if (strategy.Rules.Session is { } session && HasStepBelow(session.BarSeconds, candles.Time))
            return new("TIMEFRAME_MISMATCH", $"session: the dataset has bars closer together than those of {strategy.Timeframe}.");
        if (costs.Spread.Measure == SpreadMeasure.FromData && candles.SpreadColumn is null)
            return new("NO_SPREAD", "costs.spread_from_data: the dataset has no spread column.");
        var spread = LargestSpread(costs.Spread, candles);
        if (costs.Slippage == 0 && spread == 0)
            return null;
        var most = MostOfPrice * Lowest(candles.Low);
        if (costs.Slippage > most)
            return new("SLIPPAGE_TOO_LARGE", $"costs.slippage_pips: {TooLarge}; the pips are not those of these prices.");
        if (spread <= most)
            return null;
        var field = costs.Spread.Measure == SpreadMeasure.FromData ? "spread_from_data" : "spread_pips";
        return new("SPREAD_TOO_LARGE", $"costs.{field}: {TooLarge}; the spread is not in units of these prices.");
    }

    private static bool HasStepBelow(long seconds, ReadOnlySpan<long> time)
    {
        for (var bar = 1; bar < time.Length; bar++)
        {
            if (time[bar] - time[bar - 1] < seconds)
                return true;
        }
        return false;
    }

    private static double Lowest(ReadOnlySpan<double> lows)
    {
        var lowest = double.PositiveInfinity;
        foreach (var low in lows)
            lowest = Math.Min(lowest, low);
        return lowest;
    }

    /// <summary>In price units; 0 for one relative to the price, which is bounded by itself.</summary>
    private static double LargestSpread(Spread spread, Candles candles)
    {
        if (spread.Measure != SpreadMeasure.FromData)
            return spread.Measure == SpreadMeasure.Price ? spread.Value : 0;
        var largest = 0.0;
        foreach (var distance in candles.Spread)
            largest = Math.Max(largest, distance);
        return largest;
    }
}

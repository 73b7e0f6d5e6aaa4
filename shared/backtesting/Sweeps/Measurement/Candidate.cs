using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Simulation;

namespace Hexabase.Backtesting.Sweeps.Measurement;

/// <summary>A parameter set to be measured on one or more parts of the candles, and what came out.</summary>
/// <param name="number">Its place among the sets of the search.</param>
/// <param name="coordinates">In the search space.</param>
internal sealed class Candidate(int number, int[] coordinates, IReadOnlyList<BarRange> parts)
{
    private readonly BacktestMetrics?[] metrics = new BacktestMetrics?[parts.Count];

    public int Number => number;

    public int[] Coordinates => coordinates;

    public IReadOnlyList<BarRange> Parts => parts;

    /// <summary>Why the set cannot be measured; null when it can.</summary>
    public string? Refusal { get; private set; }

    /// <summary>How many backtests were made for it, one that was given up included.</summary>
    public int Measured { get; private set; }

    /// <summary>The figures of a part. Only of a set that was measured.</summary>
    public BacktestMetrics On(int part) => metrics[part]!;

    /// <summary>Takes the outcome of a part's backtest: its figures, or null when it was given up.</summary>
    public void Note(int part, BacktestMetrics? measured)
    {
        Measured++;
        metrics[part] = measured;
        if (measured is null)
            Refuse($"makes more than {Backtest.MostTrades} trades, or money beyond all bounds");
    }

    public void Refuse(string reason) => Refusal = reason;
}

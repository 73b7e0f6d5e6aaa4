namespace Hexabase.Backtesting.MonteCarlo;

/// <summary>How the account could have fared had chance dealt the run's trades in another order and number.</summary>
/// <param name="Resamples">How many paths were drawn.</param>
/// <param name="ResamplesRequested">How many the strategy asks for; more than were drawn when it made very many trades.</param>
/// <param name="ProbabilityOfLoss">Share of the paths that end below the initial cash, 0 to 1.</param>
/// <param name="ProbabilityOfRuin">Share of the paths that ever stand at half of the initial cash or less, 0 to 1.</param>
/// <param name="Percentiles">At 5, 25, 50, 75 and 95 percent of the paths.</param>
/// <param name="EquityBands">Along the path, after up to <see cref="TradeBootstrap.MostBands"/> numbers of trades, the last one of all.</param>
public sealed record MonteCarloResult(
    int Resamples,
    int ResamplesRequested,
    double ProbabilityOfLoss,
    double ProbabilityOfRuin,
    IReadOnlyList<OutcomePercentile> Percentiles,
    IReadOnlyList<EquityBand> EquityBands);

/// <summary>Figures that a share of the paths does not exceed, each ranked by itself.</summary>
/// <param name="Percent">That share.</param>
/// <param name="FinalEquity">Money after the last trade.</param>
/// <param name="MaxDrawdownPct">Furthest fall below the peak so far, in percent of it, seen after each trade.</param>
public readonly record struct OutcomePercentile(int Percent, double FinalEquity, double MaxDrawdownPct);

/// <summary>The equity that 5, 50 and 95 percent of the paths do not exceed after a number of trades.</summary>
public readonly record struct EquityBand(int Trade, double P5, double P50, double P95);

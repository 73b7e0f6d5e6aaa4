using Hexabase.Backtesting.Randomness;

namespace Hexabase.Backtesting.MonteCarlo;

/// <summary>
/// Draws the profits of a run's trades again, with replacement and as many as there were, and follows the equity from trade to trade
/// (Efron's bootstrap). As in a run, an account with nothing left stays empty.
/// </summary>
internal sealed class TradeBootstrap
{
    public const int FewestResamples = 100;
    public const int MostResamples = 10_000;

    /// <summary>Most numbers of trades with a confidence band.</summary>
    public const int MostBands = 50;

    /// <summary>Most trades drawn in all paths together; beyond it fewer paths are drawn.</summary>
    public const long MostDraws = 50_000_000;

    /// <summary>The share of the initial cash that is ruin.</summary>
    private const double Ruin = 0.5;

    private static readonly int[] Percents = [5, 25, 50, 75, 95];

    private readonly double[] profits;
    private readonly double cash;
    private readonly SeededRandom random;
    private readonly double[] finals;
    private readonly double[] drawdowns;
    private readonly double[][] bands;
    private int losses;
    private int ruins;

    private TradeBootstrap(double[] profits, double cash, int resamples, long seed)
    {
        this.profits = profits;
        this.cash = cash;
        random = new SeededRandom(seed, RandomStream.MonteCarlo);
        finals = new double[resamples];
        drawdowns = new double[resamples];
        bands = [.. Enumerable.Range(0, Math.Min(MostBands, profits.Length)).Select(_ => new double[resamples])];
    }

    /// <summary>The same inputs give the same result. Takes up to <see cref="MostDraws"/> draws, about 5 MB and the calling thread.</summary>
    /// <param name="profits">Of the trades, after all costs; at least one.</param>
    /// <param name="cash">Money at the start, above 0.</param>
    /// <param name="resamples">How many paths are asked for.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two paths.</exception>
    public static MonteCarloResult Run(double[] profits, double cash, int resamples, long seed, CancellationToken ct)
    {
        var affordable = (int)Math.Min(resamples, MostDraws / profits.Length);
        var bootstrap = new TradeBootstrap(profits, cash, affordable, seed);
        for (var path = 0; path < affordable; path++)
        {
            ct.ThrowIfCancellationRequested();
            bootstrap.Draw(path);
        }
        return bootstrap.Summarize(resamples);
    }

    private void Draw(int path)
    {
        double equity = cash, peak = cash, lowest = cash, drawdown = 0;
        var drawn = 0;
        for (var band = 0; band < bands.Length; band++)
        {
            for (var until = TradesAt(band); drawn < until && equity > 0; drawn++)
            {
                equity += profits[random.NextBelow(profits.Length)];
                peak = Math.Max(peak, equity);
                lowest = Math.Min(lowest, equity);
                drawdown = Math.Max(drawdown, 1 - (equity / peak));
            }
            equity = Math.Max(0, equity);
            bands[band][path] = equity;
        }
        finals[path] = equity;
        drawdowns[path] = 100 * Math.Min(1, drawdown);
        losses += equity < cash ? 1 : 0;
        ruins += lowest <= cash * Ruin ? 1 : 0;
    }

    /// <summary>How many trades have been drawn at a band: all at the last.</summary>
    private int TradesAt(int band) => (int)((band + 1L) * profits.Length / bands.Length);

    private MonteCarloResult Summarize(int requested)
    {
        foreach (var sample in (double[][])[finals, drawdowns, .. bands])
            Array.Sort(sample);
        return new MonteCarloResult(
            finals.Length,
            requested,
            (double)losses / finals.Length,
            (double)ruins / finals.Length,
            [.. Percents.Select(percent => new OutcomePercentile(percent, Percentile.Of(finals, percent), Percentile.Of(drawdowns, percent)))],
            [.. bands.Select((sample, band) => new EquityBand(
                TradesAt(band), Percentile.Of(sample, 5), Percentile.Of(sample, 50), Percentile.Of(sample, 95)))]);
    }
}

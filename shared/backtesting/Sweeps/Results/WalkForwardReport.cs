using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Sweeps.Measurement;

namespace Hexabase.Backtesting.Sweeps.Results;

/// <summary>What choosing the best set again and again, and trading it on the candles that follow, would have brought.</summary>
internal sealed class WalkForwardReport(IReadOnlyList<Window> windows) : IValidationReport
{
    public IReadOnlyList<Window> Windows => windows;

    /// <summary>Net profit a bar out of sample over that in sample, all windows together; null unless the latter is a profit.</summary>
    public double? Efficiency { get; } = Window.EfficiencyOf(windows);

    /// <summary>The pieces out of sample one after the other, each begun with the account's cash.</summary>
    public StitchedFigures OutOfSample { get; } = StitchedFigures.Of(windows);

    /// <summary>Chooses the best set of each window by its part in sample, and measures it out of sample.</summary>
    /// <param name="sets">Measured on all candles and then in sample of each window.</param>
    public static WalkForwardReport Of(
        SweepDefinition sweep, Candles candles, IReadOnlyList<Fold> folds, IReadOnlyList<Candidate> sets, Measurements measurements,
        CancellationToken ct)
    {
        var chosen = folds.Select((_, i) => Ranking.BestFirst(sweep, sets, part: i + 1).FirstOrDefault()).ToList();
        var checks = chosen
            .Select((set, i) => set is null ? null : new Candidate(set.Number, set.Coordinates, [folds[i].OutOfSample]))
            .ToList();
        measurements.Run([.. checks.OfType<Candidate>()], ct);
        measurements.Skip(checks.Count(check => check is null));
        return new WalkForwardReport(
        [
            .. folds.Select((fold, i) => new Window(
                Period.Of(fold.InSample, candles), Period.Of(fold.OutOfSample, candles), chosen[i], chosen[i]?.On(i + 1),
                checks[i] is { Refusal: null } check ? check.On(part: 0) : null)),
        ]);
    }
}

/// <summary>One window of a walk-forward.</summary>
/// <param name="Chosen">The best set in sample; null when none met the constraints there.</param>
/// <param name="Before">Its figures in sample.</param>
/// <param name="After">Its figures out of sample.</param>
internal sealed record Window(Period InSample, Period OutOfSample, Candidate? Chosen, BacktestMetrics? Before, BacktestMetrics? After)
{
    public double? Efficiency => EfficiencyOf([this]);

    public static double? EfficiencyOf(IReadOnlyList<Window> windows)
    {
        double before = 0, after = 0;
        long barsBefore = 0, barsAfter = 0;
        foreach (var window in windows)
        {
            if (window is not { Before: { } inSample, After: { } outOfSample })
                continue;
            before += inSample.NetProfit;
            after += outOfSample.NetProfit;
            barsBefore += window.InSample.Bars.Count;
            barsAfter += window.OutOfSample.Bars.Count;
        }
        return before > 0 ? after / barsAfter / (before / barsBefore) : null;
    }
}

/// <summary>Figures of several windows out of sample taken together.</summary>
/// <param name="MaxDrawdownPct">The largest of one window.</param>
internal sealed record StitchedFigures(int Bars, int Trades, double NetProfit, double? ProfitFactor, double? WinRate, double MaxDrawdownPct)
{
    public static StitchedFigures Of(IReadOnlyList<Window> windows)
    {
        int bars = 0, trades = 0, wins = 0;
        double net = 0, profit = 0, loss = 0, drawdown = 0;
        foreach (var window in windows)
        {
            if (window.After is not { } metrics)
                continue;
            bars += window.OutOfSample.Bars.Count;
            trades += metrics.Trades;
            wins += metrics.Wins;
            net += metrics.NetProfit;
            profit += metrics.GrossProfit;
            loss += metrics.GrossLoss;
            drawdown = Math.Max(drawdown, metrics.MaxDrawdownPct);
        }
        return new StitchedFigures(bars, trades, net, loss > 0 ? profit / loss : null, trades > 0 ? (double)wins / trades : null, drawdown);
    }
}

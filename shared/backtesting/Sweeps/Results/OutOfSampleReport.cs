using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Sweeps.Measurement;

namespace Hexabase.Backtesting.Sweeps.Results;

/// <summary>What became of every set on candles that had no part in comparing them.</summary>
internal sealed class OutOfSampleReport(SweepDefinition sweep, Candles candles, Fold fold, IReadOnlyList<Candidate> sets)
    : IValidationReport
{
    /// <summary>Where the figures of a set's last part were taken.</summary>
    public const int Part = 1;

    public Period InSample { get; } = Period.Of(fold.InSample, candles);

    public Period OutOfSample { get; } = Period.Of(fold.OutOfSample, candles);

    /// <summary>
    /// Whether sets that were better before are better after, by the objective, over the sets that have it on both parts; see
    /// <see cref="Ranking.Correlation"/>.
    /// </summary>
    public double? RankCorrelation { get; } = Correlate(sweep.Objective, sets);

    private static double? Correlate(Objective objective, IReadOnlyList<Candidate> sets)
    {
        var pairs = sets.Where(set => set.Refusal is null)
            .Select(set => (Before: objective.Of(set.On(part: 0)), After: objective.Of(set.On(Part))))
            .Where(pair => pair is { Before: not null, After: not null })
            .ToList();
        return Ranking.Correlation([.. pairs.Select(pair => pair.Before!.Value)], [.. pairs.Select(pair => pair.After!.Value)]);
    }
}

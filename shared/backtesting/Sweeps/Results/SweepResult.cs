using System.Buffers;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Sweeps.Measurement;

namespace Hexabase.Backtesting.Sweeps.Results;

/// <summary>Everything a finished search has to say; the same inputs give the same result, bit for bit.</summary>
public sealed class SweepResult
{
    internal SweepResult(SweepDefinition sweep, int bars, IReadOnlyList<Candidate> sets, IValidationReport? validation)
    {
        Sweep = sweep;
        Bars = bars;
        Sets = sets;
        Validation = validation;
        BestSets = [.. Ranking.BestFirst(sweep, sets, part: 0).Take(SweepLimits.Best)];
    }

    /// <summary>The best sets that meet the constraints, the best one first; empty when none does.</summary>
    public IReadOnlyList<BestSet> Best => [.. BestSets.Select(set => new BestSet(
        Sweep.Space.Named(set.Coordinates), Sweep.Objective.Of(set.On(part: 0)), set.On(part: 0)))];

    internal SweepDefinition Sweep { get; }

    /// <summary>How many candles there were.</summary>
    internal int Bars { get; }

    /// <summary>In the order of the grid.</summary>
    internal IReadOnlyList<Candidate> Sets { get; }

    internal IReadOnlyList<Candidate> BestSets { get; }

    /// <summary>Null when there was no validation.</summary>
    internal IValidationReport? Validation { get; }

    /// <summary>Canonical JSON, schema <c>hexabase.sweep/v1</c>; the same bytes every time.</summary>
    public void WriteCanonicalJson(IBufferWriter<byte> output, string codeHash, string datasetHash) =>
        SweepJson.Write(this, output, codeHash, datasetHash);
}

/// <summary>One of the best parameter sets of a search.</summary>
/// <param name="Parameters">Those that were varied.</param>
/// <param name="Objective">Null when the figure has no meaning for this set.</param>
/// <param name="Metrics">Of the candles on which sets were compared: all of them, or those before the ones out of sample.</param>
public sealed record BestSet(IReadOnlyDictionary<string, double> Parameters, double? Objective, BacktestMetrics Metrics);

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps.Documents;
using Hexabase.Backtesting.Sweeps.Measurement;

namespace Hexabase.Backtesting.Sweeps;

/// <summary>A search over a strategy's parameters that has been read and checked against the strategy; immutable.</summary>
public sealed class SweepDefinition
{
    internal SweepDefinition(
        SearchSpace space, SearchMethod method, Objective objective, Constraints constraints, Validation validation, long seed)
    {
        Space = space;
        Method = method;
        Objective = objective;
        Constraints = constraints;
        Validation = validation;
        Seed = seed;
    }

    /// <summary>
    /// How many backtests it takes, those of validation included: what is charged and what progress counts. Sets that turn out not to be
    /// valid count like the others.
    /// </summary>
    public int Evaluations => (int)Validation.Evaluations(Method.Count(Space.Size));

    internal SearchSpace Space { get; }

    internal SearchMethod Method { get; }

    internal Objective Objective { get; }

    internal Constraints Constraints { get; }

    internal Validation Validation { get; }

    /// <summary>Drives the draw of combinations, and in every backtest what its strategy declares to be random.</summary>
    internal long Seed { get; }

    /// <summary>Reads a search. Never throws for what it says: everything wrong comes back as errors, each with its place.</summary>
    public static SweepParse Parse(JsonElement search, StrategyDefinition strategy) => new SweepReader(strategy).Read(search);

    /// <summary>The sets of the search, to be measured on so many candles, in the order of the grid.</summary>
    internal List<Candidate> Sets(int bars)
    {
        var parts = Validation.Parts(bars);
        return [.. Method.Choose(Space, Seed).Select((at, i) => new Candidate(i, at, parts))];
    }

    /// <summary>The failure of a search whose candles cannot be divided as it asks; null when they can.</summary>
    internal SweepOutcome.Failed? TooFew(int bars) =>
        Validation.Parts(bars).Any(part => part.Count < 2) || Validation.Folds(bars).Any(fold => fold.OutOfSample.Count < 2)
            ? new("TOO_FEW_CANDLES", $"{bars} candles are too few for this search.", Measured: 0)
            : null;

    /// <summary>The failure of a search whose sets have all been refused; null while there is another one.</summary>
    internal static SweepOutcome.Failed? NoneValid(List<Candidate> sets) => sets.TrueForAll(set => set.Refusal is not null)
        ? new("NO_VALID_SET", $"No set of parameters can be measured. The first: {sets[0].Refusal}", sets.Sum(set => set.Measured))
        : null;
}

/// <summary>A search, or why it is none.</summary>
public sealed class SweepParse
{
    private readonly SweepDefinition? definition;

    internal SweepParse(SweepDefinition definition) => this.definition = definition;

    internal SweepParse(IReadOnlyList<StrategyError> errors) => Errors = errors;

    /// <summary>Empty when it is a search.</summary>
    public IReadOnlyList<StrategyError> Errors { get; } = [];

    /// <summary>True with the search, or false with <see cref="Errors"/>.</summary>
    public bool Succeeded([NotNullWhen(true)] out SweepDefinition? sweep) => (sweep = definition) is not null;
}

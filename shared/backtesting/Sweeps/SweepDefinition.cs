using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps.Documents;

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

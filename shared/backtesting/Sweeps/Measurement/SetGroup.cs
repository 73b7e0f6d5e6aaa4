using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Sweeps.Measurement;

/// <summary>
/// Parameter sets bound into one plan, which tells what they have in common. A group takes sets until its plan has grown to a limit, so
/// that a search over a long strategy does not hold the steps of all its sets at once.
/// </summary>
internal sealed class SetGroup
{
    private const int MostSteps = 50_000;

    private readonly PlanBuilder plan = new();
    private readonly List<BoundSet> sets = [];
    private readonly List<Candidate> refused = [];
    private readonly List<int> readers = [];

    /// <summary>The steps of all sets.</summary>
    public IReadOnlyList<Step> Steps => plan.Steps;

    public IReadOnlyList<BoundSet> Sets => sets;

    /// <summary>Those that cannot be measured.</summary>
    public IReadOnlyList<Candidate> Refused => refused;

    /// <summary>Whether more than one set of the group needs the step.</summary>
    public bool IsShared(int step) => readers[step] > 1;

    /// <summary>Binds the candidates in their order.</summary>
    public static IEnumerable<SetGroup> Bind(StrategyDefinition strategy, SearchSpace space, IEnumerable<Candidate> candidates)
    {
        var values = strategy.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default, StringComparer.Ordinal);
        var group = new SetGroup();
        foreach (var candidate in candidates)
        {
            for (var i = 0; i < space.Axes.Count; i++)
                values[space.Axes[i].Parameter] = space.Axes[i].Values[candidate.Coordinates[i]];
            group.Add(candidate, strategy, values);
            if (group.Steps.Count < MostSteps)
                continue;
            yield return group;
            group = new SetGroup();
        }
        yield return group;
    }

    private void Add(Candidate candidate, StrategyDefinition strategy, Dictionary<string, double> values)
    {
        var errors = new List<StrategyError>();
        var rules = strategy.Bind(values, plan, errors);
        var needed = rules.FirstDecisionBar + 2;
        if (errors.Count > 0)
            candidate.Refuse(errors[0].ToString());
        else if (candidate.Parts.Min(part => part.Until) < needed)
            candidate.Refuse($"needs at least {needed} candles before the first part ends");
        if (candidate.Refusal is not null)
        {
            refused.Add(candidate);
            return;
        }
        var steps = StepsBehind(rules.Roots);
        while (readers.Count < plan.Steps.Count)
            readers.Add(0);
        foreach (var step in steps)
            readers[step]++;
        sets.Add(new BoundSet(candidate, rules, steps, MovesThrough(steps, rules.Roots)));
    }

    private int[] StepsBehind(IReadOnlyList<int> roots)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>(roots);
        while (pending.TryPop(out var step))
        {
            if (!seen.Add(step))
                continue;
            foreach (var input in plan.Steps[step].Inputs)
                pending.Push(input);
        }
        return [.. seen.Order()];
    }

    /// <summary>Back to front, where the first reader met is the last one.</summary>
    private List<Move> MovesThrough(int[] steps, IReadOnlyList<int> roots)
    {
        var moves = new List<Move>(2 * steps.Length);
        var needed = new HashSet<int>(roots);
        foreach (var step in steps.Reverse())
        {
            foreach (var input in plan.Steps[step].Inputs)
            {
                if (needed.Add(input))
                    moves.Add(new Move(input, GivesUp: true));
            }
            moves.Add(new Move(step, GivesUp: false));
        }
        moves.Reverse();
        return moves;
    }
}

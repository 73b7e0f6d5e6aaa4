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
    private readonly List<int> readers = [];

    public IReadOnlyList<Step> Steps => plan.Steps;

    public IReadOnlyList<BoundSet> Sets => sets;

    /// <summary>Whether more than one set of the group needs the step.</summary>
    public bool IsShared(int step) => readers[step] > 1;

    /// <summary>Binds the candidates in their order; the ones that cannot be bound are refused and in no group.</summary>
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
            candidate.Refuse($"needs at least {needed} candles");
        else
            sets.Add(new BoundSet(candidate, rules, StepsBehind(rules)));
    }

    private int[] StepsBehind(TradingRules rules)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>(rules.Roots);
        while (pending.TryPop(out var step))
        {
            if (!seen.Add(step))
                continue;
            foreach (var input in plan.Steps[step].Inputs)
                pending.Push(input);
        }
        while (readers.Count < plan.Steps.Count)
            readers.Add(0);
        foreach (var step in seen)
            readers[step]++;
        return [.. seen.Order()];
    }
}

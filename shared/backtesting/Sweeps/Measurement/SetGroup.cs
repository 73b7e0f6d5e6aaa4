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

    /// <summary>Binds the candidates in their order, for so many bars.</summary>
    public static IEnumerable<SetGroup> Bind(
        StrategyDefinition strategy, SearchSpace space, IEnumerable<Candidate> candidates, int bars, CancellationToken ct)
    {
        var values = strategy.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default, StringComparer.Ordinal);
        var group = new SetGroup();
        foreach (var candidate in candidates)
        {
            ct.ThrowIfCancellationRequested();
            for (var i = 0; i < space.Axes.Count; i++)
                values[space.Axes[i].Parameter] = space.Axes[i].Values[candidate.Coordinates[i]];
            group.Add(candidate, strategy, values, bars);
            if (group.Steps.Count < MostSteps)
                continue;
            yield return group;
            group = new SetGroup();
        }
        yield return group;
    }

    private void Add(Candidate candidate, StrategyDefinition strategy, Dictionary<string, double> values, int bars)
    {
        var errors = new List<StrategyError>();
        var rules = strategy.Bind(values, plan, errors);
        var needed = rules.FirstDecisionBar + 2;
        if (errors.Count > 0)
            Refuse(candidate, errors[0].ToString());
        else if (candidate.Parts.Min(part => part.Until) < needed)
            Refuse(candidate, $"needs at least {needed} candles before the first part ends");
        else
            Add(BoundSet.Of(candidate, rules, plan.Steps), bars);
    }

    private void Add(BoundSet set, int bars)
    {
        if (set.IsTooLargeFor(bars, plan.Steps))
        {
            Refuse(set.Candidate, $"is too large for {bars} candles");
            return;
        }
        while (readers.Count < plan.Steps.Count)
            readers.Add(0);
        foreach (var step in set.Steps)
            readers[step]++;
        sets.Add(set);
    }

    private void Refuse(Candidate candidate, string reason)
    {
        candidate.Refuse(reason);
        refused.Add(candidate);
    }
}

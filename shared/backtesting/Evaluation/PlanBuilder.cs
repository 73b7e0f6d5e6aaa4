namespace Hexabase.Backtesting.Evaluation;

/// <summary>
/// Collects the steps of expressions, each distinct one once: those of one strategy, or of many parameter sets of it, which then share
/// what they have in common.
/// </summary>
internal sealed class PlanBuilder
{
    private readonly List<Step> steps = [];
    private readonly List<int> firstDefined = [];
    private readonly Dictionary<Step, int> known = [];
    private readonly HashSet<int> kept = [];

    /// <summary>All that have been added, by their number.</summary>
    public IReadOnlyList<Step> Steps => steps;

    /// <summary>The number of the step, the earlier one if it has been added before.</summary>
    public int Add(Step step)
    {
        if (known.TryGetValue(step, out var number))
            return number;
        number = steps.Count;
        steps.Add(step);
        firstDefined.Add(step.Inputs.Select(input => firstDefined[input]).DefaultIfEmpty(0).Max() + step.WarmUp);
        known.Add(step, number);
        return number;
    }

    /// <summary>Marks a step whose column the simulation reads.</summary>
    public void Keep(int step) => kept.Add(step);

    /// <summary>
    /// One more than the first bar at which every number behind the given steps is defined, so that a crossing has both its bars.
    /// </summary>
    public int FirstDecisionBar(IEnumerable<int> roots)
    {
        var pending = new Stack<int>(roots);
        var seen = new HashSet<int>();
        var latest = 0;
        while (pending.TryPop(out var step))
        {
            if (!seen.Add(step))
                continue;
            if (IsNumber(steps[step]))
                latest = Math.Max(latest, firstDefined[step]);
            foreach (var input in steps[step].Inputs)
                pending.Push(input);
        }
        return 1 + latest;
    }

    public Plan Build()
    {
        var lastUse = new int[steps.Count];
        for (var i = 0; i < steps.Count; i++)
        {
            lastUse[i] = kept.Contains(i) ? Plan.Forever : i;
            foreach (var input in steps[i].Inputs)
                lastUse[input] = Math.Max(lastUse[input], i);
        }
        return new Plan([.. steps], lastUse, PeakColumns(lastUse));
    }

    private int PeakColumns(int[] lastUse)
    {
        var endings = new int[steps.Count + 1];
        int alive = 0, peak = 0;
        for (var i = 0; i < steps.Count; i++)
        {
            alive -= endings[i];
            if (!IsNumber(steps[i]))
                continue;
            peak = Math.Max(peak, ++alive);
            if (lastUse[i] < steps.Count)
                endings[lastUse[i] + 1]++;
        }
        return peak;
    }

    private static bool IsNumber(Step step) => step is SeriesStep or ArithmeticStep or IndicatorStep;
}

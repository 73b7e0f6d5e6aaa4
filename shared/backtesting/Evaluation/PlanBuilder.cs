namespace Hexabase.Backtesting.Evaluation;

/// <summary>Collects the steps of all expressions of a strategy, each distinct one once.</summary>
internal sealed class PlanBuilder
{
    private readonly List<Step> steps = [];
    private readonly List<int> firstDefined = [];
    private readonly Dictionary<Step, int> known = [];
    private readonly HashSet<int> kept = [];

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

    public Plan Build()
    {
        var lastUse = new int[steps.Count];
        for (var i = 0; i < steps.Count; i++)
        {
            lastUse[i] = kept.Contains(i) ? Plan.Forever : i;
            foreach (var input in steps[i].Inputs)
                lastUse[input] = Math.Max(lastUse[input], i);
        }
        var numbers = Enumerable.Range(0, steps.Count).Where(i => IsNumber(steps[i])).ToList();
        return new Plan([.. steps], lastUse, 1 + numbers.Select(i => firstDefined[i]).DefaultIfEmpty(0).Max(), Peak(numbers, lastUse));
    }

    private static int Peak(List<int> numbers, int[] lastUse) =>
        numbers.Select(at => numbers.Count(other => other <= at && lastUse[other] >= at)).DefaultIfEmpty(0).Max();

    private static bool IsNumber(Step step) => step is SeriesStep or ArithmeticStep or IndicatorStep;
}

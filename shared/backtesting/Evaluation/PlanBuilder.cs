using System.Runtime.InteropServices;

namespace Hexabase.Backtesting.Evaluation;

/// <summary>
/// Collects the steps of expressions, each distinct one once: those of one strategy, or of many parameter sets of it, which then share
/// what they have in common.
/// </summary>
internal sealed class PlanBuilder
{
    private const int BitsPerNumber = 64;

    private readonly List<Step> steps = [];
    private readonly List<int> firstDefined = [];
    private readonly Dictionary<Step, int> known = [];
    private readonly HashSet<int> kept = [];

    /// <summary>All that have been added, by their number.</summary>
    public IReadOnlyList<Step> Steps => steps;

    /// <summary>The number of the step, the earlier one if it has been added before.</summary>
    public int Add(Step step)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(known, step, out var isKnown);
        if (isKnown)
            return number;
        number = steps.Count;
        steps.Add(step);
        var inputsDefined = 0;
        foreach (var input in step.Inputs)
            inputsDefined = Math.Max(inputsDefined, firstDefined[input]);
        firstDefined.Add(inputsDefined + step.WarmUp);
        return number;
    }

    /// <summary>Marks a step whose column the simulation reads.</summary>
    public void Keep(int step) => kept.Add(step);

    /// <summary>
    /// One more than the first bar at which every number behind the given steps is defined, so that a crossing has both its bars.
    /// </summary>
    public int FirstDecisionBar(IEnumerable<int> roots)
    {
        var latest = 0;
        foreach (var root in roots)
            latest = Math.Max(latest, firstDefined[root]);
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
            alive += BitsPerBar(steps[i]);
            peak = Math.Max(peak, alive);
            if (lastUse[i] < steps.Count)
                endings[lastUse[i] + 1] += BitsPerBar(steps[i]);
        }
        return Columns(peak);
    }

    /// <summary>How many columns of numbers have the room for so many bits a bar.</summary>
    public static int Columns(long bitsPerBar) => (int)((bitsPerBar + BitsPerNumber - 1) / BitsPerNumber);

    /// <summary>The room that the column of a step takes.</summary>
    public static int BitsPerBar(Step step) => step switch
    {
        SeriesStep { Series: < PriceSeries.Hour } => 0, // The candles' own.
        SeriesStep or ArithmeticStep or IndicatorStep or BarsSinceStep => BitsPerNumber,
        OrderStep => 3,
        _ => 1,
    };
}

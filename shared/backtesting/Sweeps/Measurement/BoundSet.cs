using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Sweeps.Measurement;

/// <summary>A candidate's rules in a plan that holds those of other sets too.</summary>
/// <param name="Steps">Every step behind the rules, each after those it reads.</param>
/// <param name="Moves">The way to the columns that the rules read.</param>
internal sealed record BoundSet(Candidate Candidate, TradingRules Rules, IReadOnlyList<int> Steps, IReadOnlyList<Move> Moves)
{
    public static BoundSet Of(Candidate candidate, TradingRules rules, IReadOnlyList<Step> plan)
    {
        var steps = StepsBehind(rules.Roots, plan);
        return new BoundSet(candidate, rules, steps, MovesThrough(steps, rules.Roots, plan));
    }

    /// <summary>Whether measuring the set takes more memory than a sweep has, or more time than any run may take.</summary>
    public bool IsTooLargeFor(int bars, IReadOnlyList<Step> plan)
    {
        long alive = 0, peak = 0;
        foreach (var move in Moves)
        {
            alive += move.GivesUp ? -PlanBuilder.BitsPerBar(plan[move.Step]) : PlanBuilder.BitsPerBar(plan[move.Step]);
            peak = Math.Max(peak, alive);
        }
        return Plan.IsTooLarge(PlanBuilder.Columns(peak), WorkPerBar(plan), bars, Sweep.BudgetBytes);
    }

    /// <summary>About how many values its columns go through for one bar.</summary>
    public long WorkPerBar(IReadOnlyList<Step> plan) => Steps.Sum(step => (long)plan[step].WorkPerBar);

    private static int[] StepsBehind(IReadOnlyList<int> roots, IReadOnlyList<Step> plan)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>(roots);
        while (pending.TryPop(out var step))
        {
            if (!seen.Add(step))
                continue;
            foreach (var input in plan[step].Inputs)
                pending.Push(input);
        }
        return [.. seen.Order()];
    }

    /// <summary>Back to front, where the first reader met is the last one.</summary>
    private static List<Move> MovesThrough(int[] steps, IReadOnlyList<int> roots, IReadOnlyList<Step> plan)
    {
        var moves = new List<Move>(2 * steps.Length);
        var needed = new HashSet<int>(roots);
        for (var i = steps.Length - 1; i >= 0; i--)
        {
            foreach (var input in plan[steps[i]].Inputs)
            {
                if (needed.Add(input))
                    moves.Add(new Move(input, GivesUp: true));
            }
            moves.Add(new Move(steps[i], GivesUp: false));
        }
        moves.Reverse();
        return moves;
    }
}

/// <summary>Computes the column of a step, or gives it up because the set needs it no more.</summary>
internal readonly record struct Move(int Step, bool GivesUp);

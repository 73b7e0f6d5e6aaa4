using Hexabase.Backtesting.Sweeps.Measurement;

namespace Hexabase.Backtesting.Sweeps.Results;

/// <summary>Which sets are better than others.</summary>
internal static class Ranking
{
    /// <summary>The sets that meet the constraints on a part of the candles; equally good ones in the order of the grid.</summary>
    public static IEnumerable<Candidate> BestFirst(SweepDefinition sweep, IEnumerable<Candidate> sets, int part) => sets
        .Where(set => set.Refusal is null && sweep.Constraints.Accept(set.On(part)))
        .OrderByDescending(set => sweep.Objective.Merit(sweep.Objective.Of(set.On(part))));

    /// <summary>
    /// Spearman's rank correlation: 1 when both lists rank alike, -1 when one is the other's reverse, 0 when they have nothing to do with
    /// each other. Equal values share the mean of their ranks. Null when a list has fewer than two different values.
    /// </summary>
    public static double? Correlation(IReadOnlyList<double> left, IReadOnlyList<double> right)
    {
        double[] x = Ranks(left), y = Ranks(right);
        var mean = (x.Length - 1) / 2.0;
        double both = 0, squareX = 0, squareY = 0;
        for (var i = 0; i < x.Length; i++)
        {
            both += (x[i] - mean) * (y[i] - mean);
            squareX += (x[i] - mean) * (x[i] - mean);
            squareY += (y[i] - mean) * (y[i] - mean);
        }
        return squareX > 0 && squareY > 0 ? both / (Math.Sqrt(squareX) * Math.Sqrt(squareY)) : null;
    }

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (int from = 0, until; from < order.Length; from = until)
        {
            until = from + 1;
            while (until < order.Length && values[order[until]] == values[order[from]])
                until++;
            for (var i = from; i < until; i++)
                ranks[order[i]] = (from + until - 1) / 2.0;
        }
        return ranks;
    }
}

using Hexabase.Backtesting.Sweeps.Measurement;

namespace Hexabase.Backtesting.Sweeps.Results;

/// <summary>The objective over two of the swept parameters; over the others, the best there is.</summary>
/// <param name="Cells">One row for each value of <paramref name="Y"/>; null where no set was measured.</param>
internal sealed record HeatMap(Axis X, Axis Y, double?[][] Cells)
{
    /// <summary>One for each pair of swept parameters, in their order.</summary>
    public static IEnumerable<HeatMap> Of(SweepDefinition sweep, IReadOnlyList<Candidate> sets)
    {
        for (var x = 0; x < sweep.Space.Axes.Count; x++)
        {
            for (var y = x + 1; y < sweep.Space.Axes.Count; y++)
                yield return Of(sweep, sets, x, y);
        }
    }

    private static HeatMap Of(SweepDefinition sweep, IReadOnlyList<Candidate> sets, int x, int y)
    {
        Axis across = sweep.Space.Axes[x], down = sweep.Space.Axes[y];
        var isCoarse = (long)across.Values.Count * down.Values.Count > SweepLimits.HeatMapCells;
        int width = Width(across, isCoarse), height = Width(down, isCoarse);
        Axis columns = EveryNth(across, width), rows = EveryNth(down, height);
        var cells = rows.Values.Select(_ => new double?[columns.Values.Count]).ToArray();
        foreach (var set in sets)
        {
            if (set.Refusal is not null || sweep.Objective.Of(set.On(part: 0)) is not { } figure)
                continue;
            ref var cell = ref cells[set.Coordinates[y] / height][set.Coordinates[x] / width];
            if (sweep.Objective.Merit(figure) > sweep.Objective.Merit(cell))
                cell = figure;
        }
        return new HeatMap(columns, rows, cells);
    }

    /// <summary>How many neighbouring values of an axis one cell stands for.</summary>
    private static int Width(Axis axis, bool isCoarse) =>
        isCoarse ? (axis.Values.Count + SweepLimits.CoarseAxis - 1) / SweepLimits.CoarseAxis : 1;

    private static Axis EveryNth(Axis axis, int width) => axis with { Values = [.. axis.Values.Where((_, i) => i % width == 0)] };
}

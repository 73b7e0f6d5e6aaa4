namespace Hexabase.Backtesting.Sweeps;

/// <summary>The values that a search tries for one parameter, ascending, each once.</summary>
internal sealed record Axis(string Parameter, IReadOnlyList<double> Values);

/// <summary>
/// The grid of all combinations. Axes are in the order of their names, which a search cannot express otherwise: the order of properties
/// means nothing in canonical JSON. A combination is known by its coordinates, the number of its value on each axis; the grid's order
/// is theirs, the last axis turning fastest.
/// </summary>
internal sealed class SearchSpace(IReadOnlyList<Axis> axes)
{
    public IReadOnlyList<Axis> Axes => axes;

    /// <summary>How many combinations there are.</summary>
    public UInt128 Size => axes.Aggregate(UInt128.One, (size, axis) => size * (uint)axis.Values.Count);

    /// <summary>The coordinates of the combination at a place in the grid's order.</summary>
    public int[] At(UInt128 place)
    {
        var coordinates = new int[axes.Count];
        for (var i = axes.Count - 1; i >= 0; i--)
        {
            (place, var at) = UInt128.DivRem(place, (uint)axes[i].Values.Count);
            coordinates[i] = (int)at;
        }
        return coordinates;
    }

    /// <summary>The values of a combination by the names of their parameters.</summary>
    public IReadOnlyDictionary<string, double> Named(int[] coordinates) =>
        axes.Zip(coordinates).ToDictionary(pair => pair.First.Parameter, pair => pair.First.Values[pair.Second], StringComparer.Ordinal);

    /// <summary>
    /// A place in the order that turns back at the end of an axis instead of starting over, so that neighbours differ in one step of one
    /// parameter and what was computed last is of use again.
    /// </summary>
    public UInt128 PlaceThereAndBack(int[] coordinates)
    {
        UInt128 place = 0;
        for (var i = 0; i < axes.Count; i++)
        {
            var count = (uint)axes[i].Values.Count;
            var at = (uint)coordinates[i];
            place = (place * count) + (UInt128.IsEvenInteger(place) ? at : count - 1 - at);
        }
        return place;
    }
}

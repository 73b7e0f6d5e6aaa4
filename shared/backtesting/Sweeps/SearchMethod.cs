using Hexabase.Backtesting.Randomness;

namespace Hexabase.Backtesting.Sweeps;

/// <summary>Which combinations of a search space are tried.</summary>
internal abstract record SearchMethod
{
    /// <summary>How many of <paramref name="size"/> combinations.</summary>
    public abstract UInt128 Count(UInt128 size);

    /// <summary>Their coordinates, in the order of the grid.</summary>
    public abstract IReadOnlyList<int[]> Choose(SearchSpace space, long seed);

    /// <summary>All of them.</summary>
    public sealed record Grid : SearchMethod
    {
        public override UInt128 Count(UInt128 size) => size;

        public override IReadOnlyList<int[]> Choose(SearchSpace space, long seed) =>
            [.. Enumerable.Range(0, (int)space.Size).Select(place => space.At((uint)place))];
    }

    /// <summary>Different combinations drawn by chance, each equally likely.</summary>
    /// <param name="Samples">How many; at most as many as there are.</param>
    public sealed record Draw(int Samples) : SearchMethod
    {
        public override UInt128 Count(UInt128 size) => (uint)Samples;

        public override IReadOnlyList<int[]> Choose(SearchSpace space, long seed)
        {
            var random = new SeededRandom(seed, RandomStream.Search);
            var places = new HashSet<UInt128>();
            while (places.Count < Samples)
                places.Add(space.Axes.Aggregate(UInt128.Zero, (place, axis) => Below(random, axis, place)));
            return [.. places.Order().Select(space.At)];
        }

        private static UInt128 Below(SeededRandom random, Axis axis, UInt128 place) =>
            (place * (uint)axis.Values.Count) + (uint)random.NextBelow(axis.Values.Count);
    }
}

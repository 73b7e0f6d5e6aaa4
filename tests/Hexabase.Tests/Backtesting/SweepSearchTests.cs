using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Sweeps;

namespace Hexabase.Tests.Backtesting;

public sealed class SweepSearchTests
{
    [Fact]
    public void A_grid_takes_every_combination_the_last_parameter_turning_fastest() => Assert.Equal(
        [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]], new SearchMethod.Grid().Choose(Space(2, 3), seed: 0));

    [Fact]
    public void There_and_back_changes_one_step_of_one_parameter_at_a_time() => Prop.ForAll(Sizes(), sizes =>
    {
        var space = Space(sizes);
        var way = new SearchMethod.Grid().Choose(space, seed: 0).OrderBy(space.PlaceThereAndBack).ToList();
        return way.Zip(way.Skip(1)).All(pair => pair.First.Zip(pair.Second, (a, b) => Math.Abs(a - b)).Sum() == 1);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_draw_takes_different_combinations_in_the_order_of_the_grid() => Prop.ForAll(Sizes(), sizes =>
    {
        var space = Space(sizes);
        var grid = new SearchMethod.Grid().Choose(space, seed: 0);
        var drawn = new SearchMethod.Draw((grid.Count + 1) / 2).Choose(space, seed: 3);
        var places = drawn.Select(set => grid.ToList().FindIndex(set.SequenceEqual)).ToList();
        return drawn.Count == (grid.Count + 1) / 2
            && places.TrueForAll(place => place >= 0)
            && places.Zip(places.Skip(1)).All(pair => pair.First < pair.Second);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_draw_of_as_many_as_there_are_is_the_grid() => Assert.Equal(
        new SearchMethod.Grid().Choose(Space(4, 5), seed: 0), new SearchMethod.Draw(20).Choose(Space(4, 5), seed: 9));

    [Fact]
    public void The_seed_decides_the_draw()
    {
        var draw = new SearchMethod.Draw(20);
        Assert.Equal(draw.Choose(Space(50, 50), seed: 1), draw.Choose(Space(50, 50), seed: 1));
        Assert.NotEqual(draw.Choose(Space(50, 50), seed: 1), draw.Choose(Space(50, 50), seed: 2));
    }

    [Fact]
    public void Every_combination_is_drawn_about_equally_often()
    {
        var counts = new int[6];
        for (var seed = 0; seed < 6_000; seed++)
        {
            var set = new SearchMethod.Draw(1).Choose(Space(2, 3), seed)[0];
            counts[(3 * set[0]) + set[1]]++;
        }
        Assert.All(counts, count => Assert.InRange(count, 850, 1_150)); // Five standard deviations around 1,000.
    }

    [Fact]
    public void The_largest_space_can_be_counted_and_drawn_from()
    {
        var space = Space([.. Enumerable.Repeat(SweepLimits.Evaluations, SweepLimits.Parameters)]);
        Assert.Equal(UInt128.Parse("100000000000000000000000000000000", null), space.Size);
        Assert.Equal(100, new SearchMethod.Draw(100).Choose(space, seed: 0).Count);
    }

    private static SearchSpace Space(params int[] sizes) => new(
        [.. sizes.Select((size, i) => new Axis($"p{i}", [.. Enumerable.Range(0, size).Select(value => (double)value)]))]);

    private static Arbitrary<int[]> Sizes() =>
        Gen.Choose(1, 4).SelectMany(count => Gen.Choose(1, 5).ArrayOf(count)).ToArbitrary();
}

using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Simulation;

namespace Hexabase.Tests.Backtesting;

/// <summary>Looking for a level four bars at a time finds what looking at each bar finds, exact touches among it.</summary>
public sealed class SimulationTouchTests
{
    [Fact]
    public void The_first_bar_that_reaches_a_level_is_found_wherever_it_is() => Prop.ForAll(
        Gen.Choose(1, 12).ArrayOf(40).ToArbitrary(), Gen.Choose(0, 40).Two().ToArbitrary(), Gen.Choose(0, 13).Two().ToArbitrary(),
        (middles, range, levels) =>
        {
            var candles = Documents.Bars([.. middles.Select(middle => ((double)middle, middle + 1.0, middle - 0.5, (double)middle))]);
            var (from, until) = (Math.Min(range.Item1, range.Item2), Math.Max(range.Item1, range.Item2));
            double below = levels.Item1 == 0 ? double.NaN : levels.Item1 - 4.5, above = levels.Item2 == 0 ? double.NaN : levels.Item2 + 4;
            var expected = from;
            while (expected < until && !(candles.Low[expected] <= below) && !(candles.High[expected] >= above))
                expected++;
            Assert.Equal(expected, Touch.First(candles, below, above, from, until));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
}

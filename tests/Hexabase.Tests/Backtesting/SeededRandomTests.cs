using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Randomness;

namespace Hexabase.Tests.Backtesting;

public sealed class SeededRandomTests
{
    [Fact] // The first numbers of the reference implementation, prng.di.unimi.it/xoshiro256starstar.c, from the state 1, 2, 3, 4.
    public void The_numbers_are_those_of_xoshiro256_star_star()
    {
        var random = new SeededRandom(1, 2, 3, 4);
        ulong[] expected =
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625,
            8476171486693032832, 10595114339597558777, 2904607092377533576,
        ];
        Assert.Equal(expected, expected.Select(_ => random.NextBits()));
    }

    [Fact] // The first numbers of the reference implementation, prng.di.unimi.it/splitmix64.c, from the state 1234567.
    public void Seeds_are_spread_by_splitmix64()
    {
        ulong state = 1_234_567;
        ulong[] expected =
        [
            6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
        ];
        Assert.Equal(expected, expected.Select(_ => SeededRandom.SplitMix(ref state)));
    }

    [Fact]
    public void The_same_seed_and_stream_give_the_same_numbers() => Prop.ForAll(Seeds, Streams, (seed, stream) =>
        Draw(new SeededRandom(seed, stream)).SequenceEqual(Draw(new SeededRandom(seed, stream)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Streams_and_seeds_differ_from_the_first_number_on() => Prop.ForAll(Seeds, seed =>
    {
        ulong[] firsts =
        [
            .. Enum.GetValues<RandomStream>().Select(stream => new SeededRandom(seed, stream).NextBits()),
            new SeededRandom(seed + 1, RandomStream.Slippage).NextBits(),
        ];
        return firsts.Distinct().Count() == firsts.Length;
    }).QuickCheckThrowOnFailure();

    [Fact] // Eight standard deviations: a fair draw fails once in 10^15.
    public void Whole_numbers_below_a_limit_are_equally_likely() => Prop.ForAll(
        Seeds, Streams, Gen.Choose(1, 50).ToArbitrary(), (seed, stream, limit) =>
        {
            const int draws = 10_000;
            var random = new SeededRandom(seed, stream);
            var counts = new int[limit];
            for (var i = 0; i < draws; i++)
                counts[random.NextBelow(limit)]++;
            var expected = (double)draws / limit;
            var deviation = Math.Sqrt(expected * (1 - (1.0 / limit)));
            return counts.All(count => Math.Abs(count - expected) <= 8 * deviation);
        }).QuickCheckThrowOnFailure();

    [Fact] // Of 10,000 uniform numbers the mean has the deviation √(1/12)/100, the mean square √(4/45)/100; eight of each.
    public void Fractions_are_uniform_from_zero_to_below_one() => Prop.ForAll(Seeds, Streams, (seed, stream) =>
    {
        var random = new SeededRandom(seed, stream);
        double[] fractions = [.. Enumerable.Range(0, 10_000).Select(_ => random.NextFraction())];
        return fractions.All(fraction => fraction is >= 0 and < 1)
            && Math.Abs(fractions.Average() - 0.5) < 8 * Math.Sqrt(1 / 12.0) / 100
            && Math.Abs(fractions.Average(fraction => fraction * fraction) - (1 / 3.0)) < 8 * Math.Sqrt(4 / 45.0) / 100;
    }).QuickCheckThrowOnFailure();

    private static Arbitrary<long> Seeds => ArbMap.Default.ArbFor<long>().Filter(seed => seed < long.MaxValue);

    private static Arbitrary<RandomStream> Streams => Gen.Elements(Enum.GetValues<RandomStream>()).ToArbitrary();

    private static ulong[] Draw(SeededRandom random) => [.. Enumerable.Range(0, 10).Select(_ => random.NextBits())];
}

using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain.Operations;

namespace Hexabase.Tests.Operations;

/// <summary>What holds of tallies of any events.</summary>
public sealed class TallyProperties
{
    private static readonly Config Cases = Config.QuickThrowOnFailure.WithMaxTest(500);

    /// <summary>Seconds that events took, from moments to days, on the bounds themselves too.</summary>
    private static Gen<double> Seconds => Gen.OneOf(
        Gen.Elements<double>([.. Tally.Bounds]),
        Gen.Choose(0, 40_000).Select(milliseconds => milliseconds / 1_000.0),
        Gen.Choose(0, 200_000).Select(seconds => (double)seconds));

    private static Gen<Tally> Tallies => Seconds.ListOf().Select(seconds => Of(seconds, within: 2));

    [Fact]
    public void They_are_added_in_any_order() => Prop.ForAll(Three().ToArbitrary(), three =>
    {
        var (a, b, c) = three;
        Same(a + b, b + a);
        Same(a + b + c, a + (b + c));
        Same(a, a + Tally.Empty);
    }).Check(Cases);

    [Fact]
    public void Added_up_they_are_the_tally_of_all_events() => Prop.ForAll(Pair().ToArbitrary(), pair =>
        Same(Of(pair.One.Concat(pair.Other), within: 2), Of(pair.One, within: 2) + Of(pair.Other, within: 2))).Check(Cases);

    [Fact]
    public void A_percentile_is_the_bound_right_above_the_event_of_that_rank() => Prop.ForAll(Some().ToArbitrary(), seconds =>
    {
        var inRank = seconds.Order().ElementAt((int)Math.Ceiling(0.95m * seconds.Count) - 1);
        Assert.Equal(Tally.ClassOf(inRank), Of(seconds, within: 2).Percentile(0.95m));
    }).Check(Cases);

    [Fact]
    public void A_promise_of_time_is_kept_exactly_when_the_percentile_is_within_it() => Prop.ForAll(Some().ToArbitrary(), seconds =>
    {
        foreach (var objective in Objective.All.Where(o => o.Within is not null))
        {
            var within = objective.Within!.Value.TotalSeconds;
            var tally = Of(seconds, within);
            Assert.Equal(SloReport.BurnRate(tally, objective.Target) <= 1, tally.Percentile(objective.Target) <= within);
        }
    }).Check(Cases);

    private static Gen<(Tally A, Tally B, Tally C)> Three() => from a in Tallies from b in Tallies from c in Tallies select (a, b, c);

    private static Gen<(IReadOnlyList<double> One, IReadOnlyList<double> Other)> Pair() =>
        from one in Seconds.ListOf()
        from other in Seconds.ListOf()
        select ((IReadOnlyList<double>)[.. one], (IReadOnlyList<double>)[.. other]);

    private static Gen<IReadOnlyList<double>> Some() => Seconds.NonEmptyListOf().Select(seconds => (IReadOnlyList<double>)[.. seconds]);

    private static Tally Of(IEnumerable<double> seconds, double within)
    {
        using var counts = new SloCounts(TimeProvider.System);
        foreach (var took in seconds)
        {
            counts.Count("enqueue", took <= within);
            counts.Time("enqueue", took);
        }
        return SloHour.Sum(counts.Take().Select(hour => hour.Tallies)).GetValueOrDefault("enqueue", Tally.Empty);
    }

    private static void Same(Tally one, Tally other)
    {
        Assert.Equal((one.Good, one.Bad), (other.Good, other.Bad));
        Assert.Equal(one.Durations.OrderBy(d => d.Key), other.Durations.OrderBy(d => d.Key));
    }
}

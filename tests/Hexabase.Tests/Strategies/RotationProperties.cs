using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Strategies;

/// <summary>What holds of an account's list after any sequence of calls, with and without crashes.</summary>
public sealed class RotationProperties
{
    private const int Limit = 3;

    /// <summary>What one call does.</summary>
    public enum Deed
    {
        ForkOne,
        PublishNew,
        PublishSaved,
    }

    /// <param name="Pick">Chooses among the account's strategies, and the code.</param>
    /// <param name="DiesAfter">Writes that still succeed; null when the process does not die.</param>
    public sealed record Step(Deed Deed, int Pick, int? DiesAfter);

    private static Config Cases => Config.QuickThrowOnFailure.WithMaxTest(40);

    private static Arbitrary<List<Step>> Sequences(bool crashes) => Steps(crashes).ListOf().Resize(20).ToArbitrary();

    private static Gen<Step> Steps(bool crashes) =>
        from deed in Gen.Elements(Deed.ForkOne, Deed.ForkOne, Deed.PublishNew, Deed.PublishSaved)
        from pick in Gen.Choose(0, 100)
        from dies in Gen.Choose(0, crashes ? 12 : 0)
        select new Step(deed, pick, crashes && dies < 8 ? dies : null);

    [Fact]
    public void The_limit_is_never_exceeded_and_only_the_oldest_unpublished_rotates_out() =>
        Prop.ForAll(Sequences(crashes: false), steps => Rotates([.. steps])).Check(Cases);

    [Fact]
    public void After_crashes_at_any_write_everything_agrees_with_the_list() =>
        Prop.ForAll(Sequences(crashes: true), steps => SurvivesCrashes([.. steps])).Check(Cases);

    private static async Task Rotates(IReadOnlyList<Step> steps)
    {
        await using var area = new StrategyArea(Limit);
        var (account, template) = await Prepare(area);
        foreach (var step in steps)
        {
            var before = await area.Saved(account);
            var oldestUnpublished = before.LastOrDefault(saved => saved.Visibility == Visibility.Unpublished)?.Sid;
            var (rotatedOut, refusal) = await Do(area, account, template, step, before);
            var after = await area.Saved(account);

            Assert.InRange(after.Count, 0, Limit);
            Assert.All(before, saved => Assert.True(saved.Visibility == Visibility.Unpublished || after.Any(s => s.Sid == saved.Sid)));
            if (rotatedOut is not null)
            {
                Assert.Equal(Limit, before.Count);
                Assert.Equal(oldestUnpublished, rotatedOut);
                Assert.DoesNotContain(after, saved => saved.Sid == rotatedOut);
            }
            if (refusal is not null)
            {
                Assert.IsType<StrategyLimitReached>(refusal);
                Assert.Null(oldestUnpublished);
                Assert.Equal(before, after);
            }
            await Agrees(area, account, template);
        }
    }

    private static async Task SurvivesCrashes(IReadOnlyList<Step> steps)
    {
        await using var area = new StrategyArea(Limit);
        var (account, template) = await Prepare(area);
        foreach (var step in steps)
        {
            var before = await area.Saved(account);
            if (step.DiesAfter is { } writes)
                area.Crash.After(writes);
            try
            {
                await Do(area, account, template, step, before);
            }
            catch (CrashException)
            {
                // The step's writes after this point never happen; the next call finds what they leave.
            }
            area.Crash.Never();
            await Agrees(area, account, template);
        }
    }

    private static async Task<(string Account, string Template)> Prepare(StrategyArea area) =>
        (await area.Account(), (await area.Published(await area.Account())).Sid);

    private static async Task<(string? RotatedOut, Refusal? Refusal)> Do(
        StrategyArea area, string account, string template, Step step, IReadOnlyList<SavedStrategy> saved)
    {
        if (step.Deed == Deed.ForkOne)
        {
            var forked = await area.TryFork(account, template);
            return forked.Match(fork => (fork.RotatedOut?.Sid, default(Refusal)), refusal => (null, refusal));
        }
        if (step.Deed == Deed.PublishSaved && saved.Count == 0)
            return (null, null);
        var sid = step.Deed == Deed.PublishSaved ? saved[step.Pick % saved.Count].Sid : null;
        area.Clock.Advance(TimeSpan.FromSeconds(1));
        var ask = new PublishStrategy(account, sid, StrategyArea.Code(fast: 2 + step.Pick), "public");
        var published = await area.Publish.Handle(ask, default);
        return published.Match(change => (change.RotatedOut?.Sid, default(Refusal)), refusal => (null, refusal));
    }

    /// <summary>The list, its count, the strategies themselves, their blobs and the public list all say the same.</summary>
    private static async Task Agrees(StrategyArea area, string account, string template)
    {
        var saved = await area.Saved(account);
        Assert.InRange(saved.Count, 0, Limit);
        Assert.Equal(saved.Count, (await area.Shelf(account)).Saved);
        foreach (var entry in saved)
        {
            var stored = await area.Stored(entry.Sid);
            Assert.Equal(entry, SavedStrategy.Of(stored!));
            Assert.True(await area.Blobs.Exists(Strategy.BlobPath(entry.Sid), default));
        }
        foreach (var sid in area.Documents.PartitionsEverWritten(Containers.Strategies).Where(sid => sid != template))
            Assert.Equal(saved.Any(entry => entry.Sid == sid), await area.Stored(sid) is not null);
        Assert.Equal(
            saved.Where(entry => entry.Visibility == Visibility.Public).Select(entry => (entry.Sid, entry.CodeHash)).Order(),
            (await area.PublicList()).Where(listed => listed.Sid != template).Select(listed => (listed.Sid, listed.CodeHash)).Order());
    }
}

using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Sweeps;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Sweeps;

public sealed class ReadingSweepsTests
{
    [Fact]
    public async Task A_sweep_and_its_result_are_their_owners_alone()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key");
        await area.Deliver(id);
        await area.Runs.Show(Domain.Strategies.Visibility.Public);
        var other = Ids.NewAccount();

        Assert.IsType<SweepNotFound>((await Get(area, id, other)).Refusal());
        Assert.IsType<SweepNotFound>((await area.GetResult.Handle(new GetSweepResult(id.ToString(), other, null), default)).Refusal());
        Assert.Empty((await area.List.Handle(new ListSweeps(other, 10, null), default)).Value().Items);
        Assert.Equal(id.ToString(), (await Get(area, id, area.Runs.AccountId)).Value().Value.SweepId);
    }

    [Fact]
    public async Task One_without_a_result_says_why()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key");
        var answer = await area.GetResult.Handle(new GetSweepResult(id.ToString(), area.Runs.AccountId, null), default);
        Assert.Equal(SweepStatus.Queued, Assert.IsType<SweepResultNotFound>(answer.Refusal()).Status);
    }

    [Fact]
    public async Task Who_waits_is_answered_when_progress_changes()
    {
        await using var area = await SweepsArea.New();
        using var engine = new HeldEngine(done: 4);
        area.Engine = engine.Run;
        var id = await area.Accepted("key");
        var execution = area.Deliver(id);
        await engine.Began;
        var known = (await Get(area, id, area.Runs.AccountId)).Value();

        var waiting = area.Get.Handle(new GetSweep(id.ToString(), area.Runs.AccountId, TimeSpan.FromMinutes(10), known.ETag), default);
        await area.Becomes(id, _ => waiting.IsCompleted);
        Assert.Equal(4, (await waiting).Value().Value.Evaluated);
        engine.Release();
        await execution;
    }

    [Fact]
    public async Task The_list_is_newest_first_and_in_pages()
    {
        await using var area = await SweepsArea.New(Domain.Billing.PlanName.Pro);
        var asked = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            asked.Add((await area.Accepted($"{i}")).ToString());
            area.Runs.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        var first = (await area.List.Handle(new ListSweeps(area.Runs.AccountId, 3, null), default)).Value();
        var second = (await area.List.Handle(new ListSweeps(area.Runs.AccountId, 3, first.Continuation), default)).Value();
        Assert.Equal(Enumerable.Reverse(asked), first.Items.Concat(second.Items).Select(sweep => sweep.SweepId));
        Assert.Null(second.Continuation);
    }

    private static Task<Result<Document<SweepJob>>> Get(SweepsArea area, SweepId id, string reader) =>
        area.Get.Handle(new GetSweep(id.ToString(), reader, TimeSpan.Zero, KnownETag: null), default);
}

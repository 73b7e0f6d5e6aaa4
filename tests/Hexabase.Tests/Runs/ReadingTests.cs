using Hexabase.Domain;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Runs;

public sealed class ReadingTests
{
    [Fact]
    public async Task A_run_and_its_report_are_public_exactly_while_the_strategy_is()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key"); // while the strategy is its owner's alone
        await area.Deliver(id);
        foreach (var (visibility, isPublic) in new[]
        {
            (Visibility.Unpublished, false), (Visibility.Public, true), (Visibility.Private, false), (Visibility.Public, true),
        })
        {
            await area.Show(visibility);
            foreach (var reader in new[] { null, Ids.NewAccount() })
            {
                Assert.Equal(isPublic, (await area.Get.Handle(Ask(id, reader), default)).Succeeded(out _, out _));
                Assert.Equal(isPublic, (await area.Report.Handle(new GetReport(RunsArea.Sid, reader), default)).Succeeded(out _, out _));
                var result = await area.GetResult.Handle(new GetRunResult(id.ToString(), reader, null), default);
                Assert.Equal(isPublic, result.Succeeded(out _, out _));
            }
            Assert.True((await area.Get.Handle(Ask(id, area.AccountId), default)).Value().IsOwner);
            Assert.True((await area.Report.Handle(new GetReport(RunsArea.Sid, area.AccountId), default)).Value().IsOwner);
        }
    }

    [Fact]
    public async Task A_stranger_is_not_kept_waiting_for_a_run_they_may_not_read()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key"); // and never finished: the clock stands still
        var answer = await area.Get.Handle(Ask(id, null) with { Wait = TimeSpan.FromMinutes(1) }, default);
        Assert.IsType<RunNotFound>(answer.Refusal());
    }

    [Fact]
    public async Task A_report_or_result_that_the_caller_has_is_not_read_again()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        await area.Deliver(id);
        var report = (await area.Report.Handle(new GetReport(RunsArea.Sid, area.AccountId), default)).Value();
        Assert.NotNull(report.Result);

        area.Blobs.Lose((await area.Read(id)).ResultPath!);
        var again = await area.Report.Handle(new GetReport(RunsArea.Sid, area.AccountId, report.ETag), default);
        Assert.Equal(report.ETag, again.Value().ETag);
        var result = await area.GetResult.Handle(new GetRunResult(id.ToString(), area.AccountId, KnownETag: id.ToString()), default);
        Assert.Equal(id.ToString(), result.Value().ETag);
    }

    private static GetRun Ask(RunId id, string? reader) => new(id.ToString(), reader, TimeSpan.Zero, KnownETag: null);
}

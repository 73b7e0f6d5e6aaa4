using Hexabase.Domain.Runs;

namespace Hexabase.Tests.Runs;

/// <summary>
/// What the main operations ask of the document store: each is a request that Cosmos charges for. docs/documents.md has the same numbers.
/// </summary>
public sealed class DocumentCallsTests
{
    [Fact]
    public async Task Accepting_a_run_is_two_reads_and_one_commit()
    {
        await using var area = await RunsArea.New();
        area.Documents.Calls.Clear();

        await area.Accepted("key");

        Assert.Equal(["read accounts", "read strategies", "commit accounts 6"], area.Documents.Calls);
    }

    [Fact]
    public async Task Executing_a_run_claims_it_stores_the_result_and_ends_it()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Documents.Calls.Clear();

        await area.Deliver(id);

        Assert.Equal(
            [
                "commit accounts 1", "commit accounts 2", "commit results 1",
                "read accounts", "read accounts", "read accounts", "read datasets", "read results", "read strategies",
            ],
            area.Documents.Calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Executing_a_run_whose_result_is_known_reads_no_inputs()
    {
        await using var area = await RunsArea.New();
        await area.Deliver(await area.Accepted("key"));
        area.Clock.Advance(TimeSpan.FromSeconds(1)); // The newer of two runs is the one that a report shows.
        var id = await area.Accepted("another");
        area.Documents.Calls.Clear();

        await area.Deliver(id);

        Assert.Equal(
            ["commit accounts 1", "commit accounts 2", "read accounts", "read accounts", "read accounts", "read results"],
            area.Documents.Calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Looking_at_a_run_is_a_read()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Documents.Calls.Clear();

        await area.Get.Handle(new GetRun(id.ToString(), area.AccountId, TimeSpan.Zero, KnownETag: null), default);

        Assert.Equal(["read accounts"], area.Documents.Calls);
    }

    [Fact]
    public async Task A_report_is_five_reads()
    {
        await using var area = await RunsArea.New();
        await area.Deliver(await area.Accepted("key"));
        area.Documents.Calls.Clear();

        await area.Report.Handle(new GetReport(RunsArea.Sid, area.AccountId), default);

        Assert.Equal(["read strategies", "read accounts", "read accounts", "read accounts", "read accounts"], area.Documents.Calls);
    }
}

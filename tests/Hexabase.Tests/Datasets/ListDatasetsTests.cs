using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Datasets;

public sealed class ListDatasetsTests : DatasetTest
{
    [Fact]
    public async Task Built_in_datasets_are_for_everyone()
    {
        await Area.BuildIn(18);
        Assert.Equal(18, (await Area.Listed(null)).Count);
    }

    [Fact]
    public async Task Own_datasets_follow_the_built_in_ones_and_nobody_elses_do()
    {
        await Area.BuildIn(2);
        var (account, stranger) = (await Area.Account(), await Area.Account());
        await Area.Send(account, DatasetArea.Candles(24), name: "Mine");
        await Area.Send(stranger, DatasetArea.Candles(25), name: "Theirs");
        Assert.Equal(["Built in 0", "Built in 1", "Mine"], (await Area.Listed(account)).Select(dataset => dataset.Name));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Pages_of_any_size_show_each_dataset_once(int limit)
    {
        await Area.BuildIn(4);
        var account = await Area.Account();
        for (var count = 24; count < 27; count++)
            await Area.Send(account, DatasetArea.Candles(count));
        var hashes = (await Area.Listed(account, limit)).Select(dataset => dataset.DatasetHash).ToList();
        Assert.Equal(7, hashes.Count);
        Assert.Equal(7, hashes.Distinct().Count());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("built_in.nonsense")]
    [InlineData("own.")] // an anonymous caller has none
    public async Task A_continuation_of_something_else_is_invalid(string continuation)
    {
        await Area.BuildIn(4);
        await Assert.ThrowsAsync<InvalidContinuationException>(() => Area.List.Handle(new ListDatasets(null, 2, continuation), default));
    }

    [Fact]
    public async Task A_page_has_at_most_100_entries() =>
        Assert.Equal("limit", (await Area.List.Handle(new ListDatasets(null, 101, null), default)).Refusal().Field);
}

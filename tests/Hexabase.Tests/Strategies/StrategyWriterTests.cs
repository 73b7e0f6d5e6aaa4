using System.Text.Json;
using Hexabase.Backtesting.Json;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Strategies;

public sealed class StrategyWriterTests : StrategyTest
{
    private readonly FailingBlobStore blobs = new();

    [Fact]
    public async Task A_slow_writer_of_an_older_state_leaves_blob_and_list_as_the_later_state_has_them()
    {
        var (before, after) = (StrategyArea.Code(fast: 10), StrategyArea.Code(fast: 20));
        var older = Public(before);
        var later = older with { Code = after, CodeHash = CodeHash.Of(after), Version = 2, Revision = 2, Visibility = Visibility.Private };
        var writer = new StrategyWriter(Area.Documents, blobs);
        WhileItsBlobIsWritten(() => writer.Write(later, default));

        await writer.Write(older, default);

        var blob = await blobs.Read(Strategy.BlobPath(older.Sid), default);
        Assert.Equal(CanonicalJson.GetBytes(after), blob!.Value.ToArray());
        Assert.Null(await Listed(older));
    }

    [Fact]
    public async Task A_strategy_that_is_deleted_while_it_is_written_is_not_listed()
    {
        var strategy = Public(StrategyArea.Code(fast: 10));
        var writer = new StrategyWriter(Area.Documents, blobs);
        WhileItsBlobIsWritten(() => writer.Delete(strategy.Sid, default));

        await writer.Write(strategy, default);

        Assert.Null(await Listed(strategy));
    }

    private Strategy Public(JsonElement code)
    {
        var time = Area.Clock.GetUtcNow();
        return new Strategy(
            "s_raced", "a", "Raced", Visibility.Public, 1, CodeHash.Of(code), StrategyArea.DatasetHash, code, Lineage: null, time, time, PublishedAt: time);
    }

    private void WhileItsBlobIsWritten(Func<Task> happens) => blobs.OnPut = async () =>
    {
        blobs.OnPut = () => Task.CompletedTask;
        await happens();
    };

    private async Task<Document<PublicStrategy>?> Listed(Strategy strategy) => await Area.Documents.Read<PublicStrategy>(
        Containers.Listings, PublicStrategy.List, PublicStrategy.DocumentId(strategy.Sid, strategy.PublishedAt!.Value), default);
}

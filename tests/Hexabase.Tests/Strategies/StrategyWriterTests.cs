using Hexabase.Backtesting.Json;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Strategies;

public sealed class StrategyWriterTests : StrategyTest
{
    [Fact]
    public async Task A_slow_writer_of_an_older_state_leaves_blob_and_list_as_the_later_state_has_them()
    {
        var time = Area.Clock.GetUtcNow();
        var (before, after) = (StrategyArea.Code(fast: 10), StrategyArea.Code(fast: 20));
        var older = new Strategy(
            "s_raced", "a", "Raced", Visibility.Public, 1, CodeHash.Of(before), StrategyArea.DatasetHash, before, Lineage: null, time, time, PublishedAt: time);
        var later = older with { Code = after, CodeHash = CodeHash.Of(after), Version = 2, Revision = 2, Visibility = Visibility.Private };
        var blobs = new FailingBlobStore();
        var writer = new StrategyWriter(Area.Documents, blobs);
        blobs.OnPut = async () =>
        {
            blobs.OnPut = () => Task.CompletedTask;
            await writer.Write(later, default);
        };

        await writer.Write(older, default);

        var blob = await blobs.Read(Strategy.BlobPath(older.Sid), default);
        Assert.Equal(CanonicalJson.GetBytes(after), blob!.Value.ToArray());
        Assert.Null(await Area.Documents.Read<PublicStrategy>(
            Containers.Listings, PublicStrategy.List, PublicStrategy.DocumentId(older.Sid, time), default));
    }
}

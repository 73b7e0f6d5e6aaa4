using System.Text.Json;
using Hexabase.Adapters.Cosmos;
using Hexabase.Domain.Documents;

namespace Hexabase.Tests.Stores;

public sealed class CosmosItemTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Cosmos_deletes_an_item_a_minute_after_the_store_takes_it_for_expired()
    {
        var batch = new DocumentBatch(Containers.Accounts, "a1").Create("n", new object(), TimeSpan.FromMilliseconds(1_500));

        var item = JsonElement.Parse(CosmosItem.Write(batch, batch.Operations[0], "{}"u8.ToArray(), Now));

        Assert.Equal(62, item.GetProperty("ttl").GetInt32());
        Assert.Equal(Now.AddMilliseconds(1_500).ToUnixTimeMilliseconds(), item.GetProperty("expires_at").GetInt64());
    }
}

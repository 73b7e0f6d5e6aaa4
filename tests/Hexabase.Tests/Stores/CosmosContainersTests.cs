using Hexabase.Adapters.Cosmos;
using Hexabase.Domain.Documents;
using Microsoft.Azure.Cosmos;

namespace Hexabase.Tests.Stores;

public sealed class CosmosContainersTests
{
    [Fact]
    public void Only_the_partition_and_the_declared_indexes_are_indexed()
    {
        var accounts = CosmosContainers.Properties(Containers.Accounts);

        Assert.Equal(("accounts", "/accountId"), (accounts.Id, accounts.PartitionKeyPath));
        Assert.Equal(["/*"], accounts.IndexingPolicy.ExcludedPaths.Select(path => path.Path));
        Assert.Equal(
            ["/accountId/?", "/value/outbox_due/?", "/value/watch_until/?", "/value/reset_due/?", "/value/saga_watch/?"],
            accounts.IndexingPolicy.IncludedPaths.Select(path => path.Path));
        Assert.Empty(accounts.IndexingPolicy.CompositeIndexes);
    }

    [Fact]
    public void Items_live_as_long_as_they_say_and_partitions_are_told_apart_by_their_whole_name() =>
        Assert.All(
            CosmosContainers.All(),
            container => Assert.Equal((-1, PartitionKeyDefinitionVersion.V2), (container.DefaultTimeToLive, container.PartitionKeyDefinitionVersion)));

    [Fact]
    public void Every_container_of_the_product_is_there() =>
        Assert.Equal(Containers.All.Select(container => container.Name), CosmosContainers.All().Select(container => container.Id));
}

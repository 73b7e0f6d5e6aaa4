using Hexabase.Domain.Documents;
using Microsoft.Azure.Cosmos;
using Container = Hexabase.Domain.Documents.Container;

namespace Hexabase.Adapters.Cosmos;

/// <summary>The product's containers as Cosmos has to have them. Infrastructure that creates them is compared with this.</summary>
public static class CosmosContainers
{
    /// <summary>New objects each time: the SDK's properties can be changed.</summary>
    public static IReadOnlyList<ContainerProperties> All() => [.. Containers.All.Select(Properties)];

    /// <summary>
    /// Only what is queried is indexed (Cosmos indexes the id by itself), and an item lives for its own <c>ttl</c>, for ever without one.
    /// </summary>
    public static ContainerProperties Properties(Container container)
    {
        var indexing = new IndexingPolicy { IndexingMode = IndexingMode.Consistent, Automatic = true };
        indexing.ExcludedPaths.Add(new ExcludedPath { Path = "/*" });
        indexing.IncludedPaths.Add(new IncludedPath { Path = $"/{container.PartitionKey}/?" });
        foreach (var index in container.Indexes)
            indexing.IncludedPaths.Add(new IncludedPath { Path = $"/value/{index.Property}/?" });
        return new ContainerProperties(container.Name, $"/{container.PartitionKey}")
        {
            PartitionKeyDefinitionVersion = PartitionKeyDefinitionVersion.V2,
            DefaultTimeToLive = -1,
            IndexingPolicy = indexing,
        };
    }
}

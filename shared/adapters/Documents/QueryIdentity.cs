using Hexabase.Domain.Documents;

namespace Hexabase.Adapters.Documents;

/// <summary>What every store does with a query before it asks its database.</summary>
internal static class QueryIdentity
{
    /// <summary>What a <see cref="Continuation"/> is bound to: all of the query but the size of its page.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The page is not of 1 to 1,000 documents.</exception>
    public static string[] Of(PartitionQuery query)
    {
        CheckLimit(query.Limit);
        return [query.Container.Name, query.Partition, query.IdPrefix, query.Descending ? "desc" : "asc"];
    }

    /// <inheritdoc cref="Of(PartitionQuery)"/>
    /// <exception cref="ArgumentException">The container does not declare the index.</exception>
    public static string[] Of(IndexQuery query)
    {
        CheckLimit(query.Limit);
        return query.Container.Indexes.Contains(query.Index)
            ? [query.Container.Name, query.Index.Property, query.UpTo]
            : throw new ArgumentException($"The container does not declare an index over '{query.Index.Property}'.", nameof(query));
    }

    private static void CheckLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1_000);
    }
}

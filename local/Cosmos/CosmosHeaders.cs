namespace Hexabase.Local.Cosmos;

/// <summary>Headers of the Cosmos DB protocol that the proxy reads or sets.</summary>
internal static class CosmosHeaders
{
    public const string IsQueryPlan = "x-ms-cosmos-is-query-plan-request";
    public const string IsQuery = "x-ms-documentdb-isquery";
    public const string IsBatch = "x-ms-cosmos-is-batch-request";
    public const string IsAtomic = "x-ms-cosmos-batch-atomic";
    public const string ContinueOnError = "x-ms-cosmos-batch-continue-on-error";
    public const string CrossPartition = "x-ms-documentdb-query-enablecrosspartition";
    public const string PartitionKey = "x-ms-documentdb-partitionkey";
    public const string RequestCharge = "x-ms-request-charge";
    public const string SubStatus = "x-ms-substatus";

    /// <summary>Sub-status of 404: it is the container or database that does not exist.</summary>
    public const string OwnerNotFound = "1003";

    public const string Date = "x-ms-date";

    public static bool Says(this IHeaderDictionary headers, string name) =>
        string.Equals(headers[name], "true", StringComparison.OrdinalIgnoreCase);
}

namespace Hexabase.Local.Cosmos;

/// <summary>How the SDK is to run a query: as it is, on the emulator's only physical partition.</summary>
internal static class QueryPlan
{
    /// <summary>No part of the query is left to the SDK: the emulator filters, orders and pages.</summary>
    public static readonly byte[] PassThrough =
        """
        {
          "partitionedQueryExecutionInfoVersion": 2,
          "queryInfo": {
            "distinctType": "None", "top": null, "offset": null, "limit": null, "orderBy": [], "orderByExpressions": [],
            "groupByExpressions": [], "groupByAliases": [], "aggregates": [], "groupByAliasToAggregateType": {},
            "rewrittenQuery": "", "hasSelectValue": false, "hasNonStreamingOrderBy": false
          },
          "queryRanges": [{ "min": "", "max": "FF", "isMinInclusive": true, "isMaxInclusive": false }]
        }
        """u8.ToArray();
}

using System.Text.Json;

namespace Hexabase.Local.Cosmos;

/// <summary>Whether a batch may be applied: every condition is looked at before anything is written.</summary>
internal static class BatchRules
{
    /// <summary>The ETag of what an earlier operation of the same batch has written: nobody can know it, so no condition matches it.</summary>
    private const string WrittenByThisBatch = "";

    /// <summary>The first operation that fails and its status; null when all of them succeed.</summary>
    /// <param name="partition">The value of the partition key that the batch is for.</param>
    /// <param name="path">Names of the partition key property, outermost first.</param>
    /// <param name="stored">ETags of the stored items by id, before the batch.</param>
    public static (int Operation, int Status)? Refusal(
        IReadOnlyList<BatchOperation> operations, JsonElement partition, IReadOnlyList<string> path, IReadOnlyDictionary<string, string> stored)
    {
        var etags = new Dictionary<string, string>(stored, StringComparer.Ordinal);
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            var exists = etags.TryGetValue(operation.Id, out var etag);
            switch (operation.Verb)
            {
                case var _ when operation.Item is { } item && !IsIn(item, partition, path):
                    return (i, StatusCodes.Status400BadRequest);
                case BatchVerb.Create when exists:
                    return (i, StatusCodes.Status409Conflict);
                case BatchVerb.Read or BatchVerb.Replace or BatchVerb.Delete when !exists:
                    return (i, StatusCodes.Status404NotFound);
                case not BatchVerb.Read when exists && operation.IfMatch is { } wanted && wanted != "*" && wanted != etag:
                    return (i, StatusCodes.Status412PreconditionFailed);
                case BatchVerb.Delete:
                    etags.Remove(operation.Id);
                    break;
                case not BatchVerb.Read:
                    etags[operation.Id] = WrittenByThisBatch;
                    break;
            }
        }
        return null;
    }

    /// <summary>Whether an item says that it is in this partition.</summary>
    private static bool IsIn(JsonElement item, JsonElement partition, IReadOnlyList<string> path)
    {
        foreach (var name in path)
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out item))
                return false;
        }
        return JsonElement.DeepEquals(item, partition);
    }

    /// <summary>The results of a batch that was not applied: the one that failed, and 424 for those that failed with it.</summary>
    public static IReadOnlyList<BatchResult> Refused(int count, int operation, int status) =>
        [.. Enumerable.Range(0, count).Select(i => new BatchResult(i == operation ? status : StatusCodes.Status424FailedDependency))];
}

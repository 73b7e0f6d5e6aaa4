namespace Hexabase.Local.Cosmos;

/// <summary>Whether a batch may be applied: every condition is looked at before anything is written.</summary>
internal static class BatchRules
{
    /// <summary>The ETag of what an earlier operation of the same batch has written: nobody can know it, so no condition matches it.</summary>
    private const string WrittenByThisBatch = "";

    /// <summary>The first operation that fails and its status; null when all of them succeed.</summary>
    /// <param name="stored">ETags of the stored items by id, before the batch.</param>
    public static (int Operation, int Status)? Refusal(IReadOnlyList<BatchOperation> operations, IReadOnlyDictionary<string, string> stored)
    {
        var etags = new Dictionary<string, string>(stored, StringComparer.Ordinal);
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            var exists = etags.TryGetValue(operation.Id, out var etag);
            switch (operation.Verb)
            {
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

    /// <summary>The results of a batch that was not applied: the one that failed, and 424 for those that failed with it.</summary>
    public static IReadOnlyList<BatchResult> Refused(int count, int operation, int status) =>
        [.. Enumerable.Range(0, count).Select(i => new BatchResult(i == operation ? status : StatusCodes.Status424FailedDependency))];
}

namespace Hexabase.Domain.Documents;

/// <summary>
/// Documents in partitions. Reads see every commit that was acknowledged before they began, by whichever instance of the app. All operations are
/// safe to call from many threads. A partition is named by any text of up to 1 KB, a document by a <see cref="DocumentId"/>; a value is JSON as
/// <see cref="DomainJson"/> writes it, whose numbers are doubles: whole ones are exact up to 2⁵³.
/// Every call throws <see cref="DependencyUnavailableException"/> when the store does not answer.
/// </summary>
public interface IDocumentStore
{
    /// <summary>One document by its key; null when it does not exist or its time to live is over.</summary>
    ValueTask<Document<T>?> Read<T>(Container container, string partition, string id, CancellationToken ct) where T : class;

    /// <summary>Documents of one partition whose id begins with a prefix, ordered by id.</summary>
    /// <exception cref="InvalidContinuationException">The continuation was not made by this query.</exception>
    ValueTask<Page<T>> Query<T>(PartitionQuery query, CancellationToken ct) where T : class;

    /// <summary>Documents of all partitions by a declared index, ordered by the indexed value. For timers only.</summary>
    ValueTask<Page<T>> Query<T>(IndexQuery query, CancellationToken ct) where T : class;

    /// <summary>
    /// Applies all operations of a batch or none. When it returns success the batch survives a crash of process and machine.
    /// Cancellation is honoured until the batch is sent; from then on the caller gets its outcome.
    /// </summary>
    /// <exception cref="DocumentTooLargeException">The values are over <see cref="DocumentBatch.MostBytes"/> together.</exception>
    /// <exception cref="DependencyUnavailableException">There was no answer: the batch may have been applied or not.</exception>
    Task<CommitResult> Commit(DocumentBatch batch, CancellationToken ct);
}

/// <summary>A document as it was read.</summary>
/// <param name="Partition">Its partition, which an index query does not otherwise tell.</param>
/// <param name="ETag">Opaque version, to be given back as a condition; fit for the inside of an HTTP entity tag.</param>
public sealed record Document<T>(string Partition, string Id, string ETag, T Value);

/// <summary>Part of a result.</summary>
/// <param name="Continuation">Opaque; null when this is the last page.</param>
public sealed record Page<T>(IReadOnlyList<Document<T>> Items, string? Continuation);

/// <param name="IdPrefix">Only ids that begin with it; empty for all.</param>
/// <param name="Limit">Most documents of one page, 1 to 1,000.</param>
public sealed record PartitionQuery(Container Container, string Partition, string IdPrefix, int Limit, bool Descending = false, string? Continuation = null);

/// <param name="UpTo">Only documents whose indexed value is not above it, compared as text.</param>
/// <param name="Limit">Most documents of one page, 1 to 1,000.</param>
public sealed record IndexQuery(Container Container, DocumentIndex Index, string UpTo, int Limit, string? Continuation = null);

/// <summary>How a commit ended.</summary>
public readonly record struct CommitResult
{
    private CommitResult(int refusedOperation, CommitRefusal? reason) => (RefusedOperation, Reason) = (refusedOperation, reason);

    public static CommitResult Success { get; } = new(-1, null);

    public static CommitResult Refused(int operation, CommitRefusal reason) => new(operation, reason);

    /// <summary>Null when the batch was applied.</summary>
    public CommitRefusal? Reason { get; }

    /// <summary>Position in the batch of the first operation whose condition failed; -1 when the batch was applied.</summary>
    public int RefusedOperation { get; }

    public bool Succeeded => Reason is null;
}

/// <summary>Which condition failed.</summary>
public enum CommitRefusal
{
    /// <summary>A create met an existing document.</summary>
    AlreadyExists,

    /// <summary>A conditional replace or delete met no document.</summary>
    NotFound,

    /// <summary>A conditional replace or delete met another version.</summary>
    ETagMismatch,
}

/// <summary>A continuation that this store did not make for this query.</summary>
public sealed class InvalidContinuationException(string message) : Exception(message);

/// <summary>More in one batch, or one document, than a store takes.</summary>
public sealed class DocumentTooLargeException(string message) : Exception(message);

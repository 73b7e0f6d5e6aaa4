namespace Hexabase.Domain.Documents;

/// <summary>
/// What to change together in one partition: at most <see cref="MostOperations"/> operations, each on another document, with values of at most
/// <see cref="MostBytes"/> together.
/// </summary>
public sealed class DocumentBatch(Container container, string partition)
{
    public const int MostOperations = 100;

    /// <summary>Bytes of all values as JSON in UTF-8. Cosmos takes batches of 2 MiB; the rest is for what it adds to each document.</summary>
    public const int MostBytes = 2_000_000;

    private readonly List<DocumentOperation> operations = [];

    public Container Container { get; } = container;

    public string Partition { get; } = partition;

    public IReadOnlyList<DocumentOperation> Operations => operations;

    /// <summary>Refused with <see cref="CommitRefusal.AlreadyExists"/> when the id is taken by a live document.</summary>
    public DocumentBatch Create<T>(string id, T value, TimeSpan? timeToLive = null) where T : class =>
        Add(new DocumentOperation.Create(id, value, timeToLive));

    /// <summary>Refused with <see cref="CommitRefusal.ETagMismatch"/> or <see cref="CommitRefusal.NotFound"/>.</summary>
    public DocumentBatch Replace<T>(string id, T value, string ifMatch, TimeSpan? timeToLive = null) where T : class =>
        Add(new DocumentOperation.Replace(id, value, ifMatch, timeToLive));

    /// <summary>Writes whatever is there now.</summary>
    public DocumentBatch Upsert<T>(string id, T value, TimeSpan? timeToLive = null) where T : class =>
        Add(new DocumentOperation.Upsert(id, value, timeToLive));

    /// <summary>With a condition refused as a replace is; without one, deleting what is not there is fine.</summary>
    public DocumentBatch Delete(string id, string? ifMatch = null) => Add(new DocumentOperation.Delete(id, ifMatch));

    private DocumentBatch Add(DocumentOperation operation)
    {
        if (!DocumentId.IsValid(operation.Id))
            throw new ArgumentException($"'{operation.Id}' is no document id: {DocumentId.Rule}.", nameof(operation));
        if (operations.Count == MostOperations)
            throw new InvalidOperationException($"A batch holds at most {MostOperations} operations.");
        if (operations.Exists(earlier => earlier.Id == operation.Id))
            throw new InvalidOperationException($"The batch changes '{operation.Id}' already.");
        operations.Add(operation);
        return this;
    }
}

/// <summary>One change of a batch.</summary>
/// <param name="Value">What is written; null for a delete.</param>
/// <param name="TimeToLive">How long what is written lives; null for ever.</param>
public abstract record DocumentOperation(string Id, object? Value, TimeSpan? TimeToLive)
{
    public sealed record Create(string Id, object Value, TimeSpan? TimeToLive) : DocumentOperation(Id, Value, TimeToLive);

    public sealed record Replace(string Id, object Value, string IfMatch, TimeSpan? TimeToLive) : DocumentOperation(Id, Value, TimeToLive);

    public sealed record Upsert(string Id, object Value, TimeSpan? TimeToLive) : DocumentOperation(Id, Value, TimeToLive);

    public sealed record Delete(string Id, string? IfMatch) : DocumentOperation(Id, Value: null, TimeToLive: null);
}

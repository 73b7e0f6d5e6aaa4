namespace Hexabase.Domain.Documents;

/// <summary>A set of documents that share a partition key.</summary>
/// <param name="Name">Lower-case letters; the name in every store.</param>
/// <param name="PartitionKey">JSON property that holds the partition.</param>
/// <param name="Indexes">What can be queried across partitions, by timers only, never on a request path.</param>
public sealed record Container(string Name, string PartitionKey, params DocumentIndex[] Indexes);

/// <summary>An index over a top-level text property; documents without the property are not in it.</summary>
public sealed record DocumentIndex(string Property);

/// <summary>Every container of the product. Infrastructure, stores and tests take the list from here.</summary>
public static class Containers
{
    /// <summary>Due time of an outbox entry, ISO 8601 UTC.</summary>
    public static readonly DocumentIndex OutboxDue = new("outbox_due");

    /// <summary>Until when a run may stay unfinished before somebody looks at it, ISO 8601 UTC.</summary>
    public static readonly DocumentIndex RunWatch = new("watch_until");

    /// <summary>When a stored quota stops being true, ISO 8601 UTC.</summary>
    public static readonly DocumentIndex QuotaReset = new("reset_due");

    /// <summary>When somebody looks whether a workspace change still makes progress, ISO 8601 UTC; absent once it is finished.</summary>
    public static readonly DocumentIndex SagaWatch = new("saga_watch");

    /// <summary>
    /// User, sessions, quota, ledger, runs, idempotency keys, outbox, workspace and its changes; also which account a sign-in identity or an e-mail address
    /// belongs to, each of these in a partition of its own.
    /// </summary>
    public static readonly Container Accounts = new("accounts", "accountId", OutboxDue, RunWatch, QuotaReset, SagaWatch);

    /// <summary>A strategy, its versions and its lineage.</summary>
    public static readonly Container Strategies = new("strategies", "strategyId");

    /// <summary>Metadata of a dataset, by its hash.</summary>
    public static readonly Container Datasets = new("datasets", "datasetHash");

    /// <summary>Where the stored result of given inputs is, by the fingerprint of the inputs.</summary>
    public static readonly Container Results = new("results", "fingerprint");

    /// <summary>Lists that many people read.</summary>
    public static readonly Container Listings = new("listings", "list");

    public static IReadOnlyList<Container> All { get; } = [Accounts, Strategies, Datasets, Results, Listings];
}

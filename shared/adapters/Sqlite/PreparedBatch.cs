using System.Globalization;
using Hexabase.Adapters.Documents;
using Hexabase.Domain.Documents;
using Hexabase.Sqlite;

namespace Hexabase.Adapters.Sqlite;

/// <summary>A batch made ready on the caller's thread, so that the one writer only has to store it.</summary>
internal sealed class PreparedBatch
{
    private readonly ContainerTable table;
    private readonly string partition;
    private readonly long now;
    private readonly (DocumentOperation Operation, Utf8Text Body, long? ExpiresAt)[] rows;

    // One version for the whole batch: it touches each document once. Chance keeps a deleted document's version from coming back.
    private readonly long etag = Random.Shared.NextInt64();

    /// <inheritdoc cref="BatchJson.Of" path="/exception"/>
    public PreparedBatch(ContainerTable table, DocumentBatch batch, DateTimeOffset now)
    {
        this.table = table;
        this.now = now.ToUnixTimeMilliseconds();
        partition = batch.Partition;
        var values = BatchJson.Of(batch);
        rows = new (DocumentOperation, Utf8Text, long?)[values.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var operation = batch.Operations[i];
            rows[i] = (operation, values[i] is { } json ? new Utf8Text(json) : default, ExpiresAt(operation.TimeToLive));
        }
    }

    /// <summary>Stores all of it, or undoes what it began and tells which condition failed.</summary>
    public CommitResult Apply(SqliteSession session)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            if (Apply(session, rows[i].Operation, rows[i].Body, rows[i].ExpiresAt) is { } refusal)
            {
                session.Undo();
                return CommitResult.Refused(i, refusal);
            }
        }
        return CommitResult.Success;
    }

    private CommitRefusal? Apply(SqliteSession session, DocumentOperation operation, Utf8Text body, long? expiresAt)
    {
        var id = operation.Id;
        switch (operation)
        {
            case DocumentOperation.Create:
                return session.Execute(table.Create, partition, id, etag, expiresAt, body, now) == 1 ? null : CommitRefusal.AlreadyExists;
            case DocumentOperation.Replace { IfMatch: var ifMatch }:
                return session.Execute(table.Replace, partition, id, etag, expiresAt, body, Parse(ifMatch), now) == 1 ? null : WhyNotMet(session, id);
            case DocumentOperation.Upsert:
                session.Execute(table.Upsert, partition, id, etag, expiresAt, body);
                return null;
            case DocumentOperation.Delete { IfMatch: { } ifMatch }:
                return session.Execute(table.DeleteIf, partition, id, Parse(ifMatch), now) == 1 ? null : WhyNotMet(session, id);
            case DocumentOperation.Delete:
                session.Execute(table.Delete, partition, id);
                return null;
            default:
                throw new NotSupportedException($"{operation.GetType().Name} is no operation of this store.");
        }
    }

    private CommitRefusal WhyNotMet(SqliteSession session, string id) =>
        session.Scalar(table.Exists, 0, partition, id, now) == 1 ? CommitRefusal.ETagMismatch : CommitRefusal.NotFound;

    // What is no version of this store matches none: null is equal to nothing in SQL.
    private static long? Parse(string ifMatch) =>
        long.TryParse(ifMatch, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var version) ? version : null;

    private long? ExpiresAt(TimeSpan? timeToLive) => timeToLive is { } ttl ? now + (long)ttl.TotalMilliseconds : null;
}

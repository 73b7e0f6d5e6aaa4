using System.Collections.Concurrent;

namespace Hexabase.Sqlite;

/// <summary>
/// One SQLite file in WAL mode with many readers and one writer. Writes that arrive together share a transaction (group commit):
/// each is all or nothing by itself, and none is acknowledged before the shared transaction is on disk (<c>synchronous=FULL</c>).
/// A write that arrives alone does not wait for others.
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private const int MostWritesPerTransaction = 256;
    private const string SchemaVersionKey = "schema_version";

    private readonly string path;
    private readonly WriteQueue writes = new();
    private readonly ConcurrentBag<SqliteSession> readers = [];
    private readonly SqliteSession writer;
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool closed;

    private SqliteDatabase(string path, SqliteSession writer)
    {
        this.path = path;
        this.writer = writer;
        new Thread(WriteLoop) { IsBackground = true, Name = $"sqlite {Path.GetFileName(path)}" }.Start();
    }

    /// <summary>Opens or creates the file and runs <paramref name="schema"/>, which must be repeatable (<c>if not exists</c>).</summary>
    /// <param name="schemaVersion">Kept in table <c>meta</c>; to be raised when an older program could no longer work with the file.</param>
    /// <exception cref="NewerSchemaException">The file's schema version is above <paramref name="schemaVersion"/>.</exception>
    /// <exception cref="SqliteException">The file cannot be opened, is no database, or the schema is wrong.</exception>
    public static SqliteDatabase Open(string path, string schema, int schemaVersion = 1)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var session = new SqliteSession(path);
        try
        {
            Prepare(session, path, schema, schemaVersion);
            return new SqliteDatabase(path, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Reads a whole file that nobody writes to, and throws unless it is sound.</summary>
    /// <param name="schemaVersion">The newest that is known, as <see cref="Open"/> takes it.</param>
    /// <exception cref="NewerSchemaException">The file's schema version is above <paramref name="schemaVersion"/>.</exception>
    /// <exception cref="SqliteException">The file is damaged, or none of this product's.</exception>
    public static void Check(string path, int schemaVersion)
    {
        using var session = new SqliteSession(path, mayCreate: false);
        var verdict = session.Scalar("pragma integrity_check", "");
        if (verdict != "ok")
            throw new SqliteException(SQLitePCL.raw.SQLITE_CORRUPT, $"{path}: {verdict}");
        RequireKnownSchema(session, path, schemaVersion);
    }

    /// <summary>
    /// Runs <paramref name="work"/> on the writer's thread; completes when its changes are durable. An exception undoes this
    /// work alone and is thrown to the caller. Cancellation is honoured until the work has begun.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The database is closed.</exception>
    public Task<T> Write<T>(Func<SqliteSession, T> work, CancellationToken ct = default)
    {
        if (ct.IsCancellationRequested)
            return Task.FromCanceled<T>(ct);
        var pending = new PendingWrite<T>(work, ct);
        return writes.TryAdd(pending) ? pending.Completion : Task.FromException<T>(new ObjectDisposedException(path));
    }

    /// <summary>Runs <paramref name="work"/> on a reader: it sees everything acknowledged before the call and may change nothing.</summary>
    /// <exception cref="ObjectDisposedException">The database is closed.</exception>
    public T Read<T>(Func<SqliteSession, T> work)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (!readers.TryTake(out var reader))
            reader = OpenReader();
        try
        {
            return work(reader);
        }
        finally
        {
            readers.Add(reader);
            if (closed)
                CloseReaders();
        }
    }

    /// <summary>Finishes the writes that were accepted, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (closed)
            return;
        closed = true;
        writes.Close();
        await drained.Task;
        CloseReaders();
        writer.Dispose();
    }

    private static void Prepare(SqliteSession session, string path, string schema, int version)
    {
        // The writer alone checkpoints. A larger WAL would make lookups in it slow, a smaller one rewrites hot pages too often.
        session.ExecuteScript("""
            pragma page_size = 1024;
            pragma journal_mode = wal;
            pragma synchronous = full;
            pragma fullfsync = on;
            pragma wal_autocheckpoint = 64000;
            pragma journal_size_limit = 134217728;
            pragma cache_size = -16000;
            pragma temp_store = memory;
            create table if not exists meta (key text primary key, value) without rowid;
            """);
        RequireKnownSchema(session, path, version);
        session.ExecuteScript(schema);
        session.Execute(
            "insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value",
            SchemaVersionKey,
            version);
    }

    private static void RequireKnownSchema(SqliteSession session, string path, int known)
    {
        var found = session.Scalar("select value from meta where key = $1", known, SchemaVersionKey);
        if (found > known)
            throw new NewerSchemaException(path, found, known);
    }

    private SqliteSession OpenReader()
    {
        var reader = new SqliteSession(path);
        reader.ExecuteScript("pragma query_only = on");
        return reader;
    }

    private void CloseReaders()
    {
        while (readers.TryTake(out var reader))
            reader.Dispose();
    }

    private void WriteLoop()
    {
        var group = new List<PendingWrite>(MostWritesPerTransaction);
        while (writes.Take(group, MostWritesPerTransaction))
        {
            CommitTogether(group);
            group.Clear();
        }
        drained.SetResult();
    }

    private void CommitTogether(List<PendingWrite> group)
    {
        try
        {
            writer.Execute("begin immediate");
            foreach (var write in group)
                write.Run(writer);
            writer.Execute("commit");
        }
#pragma warning disable CA1031 // The transaction is lost for whatever reason: every caller of the group learns it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (writer.InTransaction)
                writer.Execute("rollback");
            foreach (var write in group)
                write.Fail(e);
            return;
        }
        foreach (var write in group)
            write.Acknowledge();
    }
}

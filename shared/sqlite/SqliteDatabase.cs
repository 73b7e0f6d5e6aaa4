using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Hexabase.Sqlite;

/// <summary>
/// One SQLite file in WAL mode with many readers and one writer. Writes that arrive together share a transaction (group commit):
/// each is all or nothing by itself, and none is acknowledged before the shared transaction is on disk (<c>synchronous=FULL</c>).
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private const int MostWritesPerTransaction = 256;

    private readonly string connectionString;
    private readonly Channel<PendingWrite> writes = Channel.CreateBounded<PendingWrite>(new BoundedChannelOptions(8_192) { SingleReader = true });
    private readonly ConcurrentBag<SqliteSession> readers = [];
    private readonly SqliteSession writer;
    private readonly Thread thread;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    private SqliteDatabase(string path, string schema)
    {
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
        writer = new SqliteSession(connectionString);
        writer.ExecuteScript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA wal_autocheckpoint=4000;");
        writer.ExecuteScript(schema);
        thread = new Thread(WriteLoop) { IsBackground = true, Name = $"sqlite {Path.GetFileName(path)}" };
        thread.Start();
    }

    /// <summary>Opens or creates the file and runs <paramref name="schema"/>, which must be repeatable (<c>if not exists</c>).</summary>
    public static SqliteDatabase Open(string path, string schema)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
            Directory.CreateDirectory(directory);
        return new SqliteDatabase(path, schema);
    }

    /// <summary>
    /// Runs <paramref name="work"/> on the writer's thread; completes when its changes are durable. An exception undoes this
    /// work alone and is thrown to the caller. Cancellation is honoured until the work has begun.
    /// </summary>
    public async Task<T> Write<T>(Func<SqliteSession, T> work, CancellationToken ct = default)
    {
        var pending = new PendingWrite<T>(work, ct);
        await writes.Writer.WriteAsync(pending, ct);
        return await pending.Completion;
    }

    /// <summary>Runs <paramref name="work"/> on a reader: it sees everything acknowledged before the call.</summary>
    public T Read<T>(Func<SqliteSession, T> work)
    {
        if (!readers.TryTake(out var reader))
            reader = new SqliteSession(connectionString);
        try
        {
            return work(reader);
        }
        finally
        {
            readers.Add(reader);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (writes.Writer.TryComplete())
        {
            thread.Join();
            writer.Dispose();
            while (readers.TryTake(out var reader))
                reader.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    private void WriteLoop()
    {
        var group = new List<PendingWrite>(MostWritesPerTransaction);
        while (WaitForWrites())
        {
            while (group.Count < MostWritesPerTransaction && writes.Reader.TryRead(out var next))
                group.Add(next);
            CommitTogether(group);
            group.Clear();
        }
    }

    /// <summary>Blocks this dedicated thread, which is not of the pool, until there is work; false when closed.</summary>
    private bool WaitForWrites() => writes.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult();

    private void CommitTogether(List<PendingWrite> group)
    {
        try
        {
            writer.Execute("begin immediate");
            foreach (var write in group)
                write.Run(writer);
            writer.Execute("commit");
        }
        catch (SqliteException e)
        {
            writer.TryRollback();
            foreach (var write in group)
                write.Fail(e);
            return;
        }
        foreach (var write in group)
            write.Acknowledge();
    }

    private abstract class PendingWrite
    {
        public abstract void Run(SqliteSession session);

        public abstract void Acknowledge();

        public abstract void Fail(Exception e);
    }

    private sealed class PendingWrite<T>(Func<SqliteSession, T> work, CancellationToken ct) : PendingWrite
    {
        private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? result;
        private Exception? failure;

        public Task<T> Completion => completion.Task;

        public override void Run(SqliteSession session)
        {
            if (ct.IsCancellationRequested)
            {
                failure = new OperationCanceledException(ct);
                return;
            }
            session.Execute("savepoint work");
            try
            {
                result = work(session);
            }
#pragma warning disable CA1031 // Whatever the work throws goes to its caller; the others of the group must not notice.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
                session.Execute("rollback to work");
            }
            session.Execute("release work");
        }

        public override void Acknowledge()
        {
            if (failure is OperationCanceledException)
                completion.TrySetCanceled(ct);
            else if (failure is not null)
                completion.TrySetException(failure);
            else
                completion.TrySetResult(result!);
        }

        public override void Fail(Exception e) => completion.TrySetException(failure ?? e);
    }
}

using SQLitePCL;

namespace Hexabase.Sqlite;

/// <summary>
/// One connection with its prepared statements, used by one thread at a time. Parameters are positional: the n-th value is
/// <c>$n</c> in the text. Values are strings, <see cref="Utf8Text"/>, long, int, bool, double, bytes or null.
/// </summary>
public sealed class SqliteSession : IDisposable
{
    private readonly sqlite3 connection;
    private readonly Dictionary<string, SqliteStatement> prepared = new(StringComparer.Ordinal);

    static SqliteSession() => Batteries_V2.Init();

    internal SqliteSession(string path, bool mayCreate = true)
    {
        // A session is never used by two threads at once, so SQLite need not lock it.
        var flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (mayCreate ? raw.SQLITE_OPEN_CREATE : 0);
        var code = raw.sqlite3_open_v2(path, out connection, flags, null);
        if (code != raw.SQLITE_OK)
        {
            var error = new SqliteException(code, $"{path}: {raw.sqlite3_errstr(code).utf8_to_string()}");
            connection.Dispose();
            throw error;
        }
        ExecuteScript("pragma busy_timeout = 10000");
    }

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    /// <exception cref="SqliteException">SQLite refused it.</exception>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        var before = raw.sqlite3_total_changes(connection);
        var statement = Prepared(sql);
        try
        {
            statement.Bind(values);
            while (statement.Step())
            {
                // A row of a "returning" or a pragma that nobody asked for.
            }
        }
        finally
        {
            statement.Reset();
        }
        return raw.sqlite3_total_changes(connection) - before;
    }

    /// <summary>The first column of the first row; <paramref name="none"/> when there is no row or it is null.</summary>
    /// <exception cref="SqliteException">SQLite refused it.</exception>
    public T Scalar<T>(string sql, T none, params ReadOnlySpan<object?> values) =>
        First(sql, none, row => row.IsDBNull(0) ? none : row.GetFieldValue<T>(0), values);

    /// <summary>The first row, read by <paramref name="map"/>; <paramref name="none"/> when there is no row.</summary>
    /// <exception cref="SqliteException">SQLite refused it.</exception>
    public T First<T>(string sql, T none, Func<SqliteRow, T> map, params ReadOnlySpan<object?> values)
    {
        var statement = Prepared(sql);
        try
        {
            statement.Bind(values);
            return statement.Step() ? map(statement.Row) : none;
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <summary>Every row of a query, read by <paramref name="map"/>.</summary>
    /// <exception cref="SqliteException">SQLite refused it.</exception>
    public IReadOnlyList<T> Query<T>(string sql, Func<SqliteRow, T> map, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        var statement = Prepared(sql);
        try
        {
            statement.Bind(values);
            while (statement.Step())
                rows.Add(map(statement.Row));
        }
        finally
        {
            statement.Reset();
        }
        return rows;
    }

    /// <summary>Takes back everything that the running work of <see cref="SqliteDatabase.Write"/> has changed so far.</summary>
    public void Undo() => Execute("rollback to work");

    public void Dispose()
    {
        foreach (var statement in prepared.Values)
            statement.Dispose();
        connection.Dispose();
    }

    /// <summary>False too when SQLite ended a transaction by itself, as it does when the disk is full.</summary>
    internal bool InTransaction => raw.sqlite3_get_autocommit(connection) == 0;

    /// <summary>Runs several statements that are not worth keeping prepared.</summary>
    internal void ExecuteScript(string sql)
    {
        if (raw.sqlite3_exec(connection, sql) != raw.SQLITE_OK)
            throw connection.Error();
    }

    /// <summary>Copies what this session's transaction sees over all that is in another file.</summary>
    /// <param name="pagesAtOnce">After so many pages cancellation is looked for.</param>
    internal void CopyTo(SqliteSession copy, int pagesAtOnce, CancellationToken ct)
    {
        using var backup = raw.sqlite3_backup_init(copy.connection, "main", connection, "main");
        if (backup.IsInvalid)
            throw copy.connection.Error();
        int code;
        while ((code = raw.sqlite3_backup_step(backup, pagesAtOnce)) == raw.SQLITE_OK)
            ct.ThrowIfCancellationRequested();
        if (code != raw.SQLITE_DONE)
            throw new SqliteException(code, raw.sqlite3_errstr(code).utf8_to_string());
    }

    private SqliteStatement Prepared(string sql)
    {
        if (!prepared.TryGetValue(sql, out var statement))
        {
            statement = new SqliteStatement(connection, sql);
            prepared.Add(sql, statement);
        }
        return statement;
    }
}

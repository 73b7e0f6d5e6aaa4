using Microsoft.Data.Sqlite;

namespace Hexabase.Sqlite;

/// <summary>
/// One connection with its prepared statements, used by one thread at a time. Parameters are positional: the n-th value is
/// <c>?n</c> written as <c>$1</c>, <c>$2</c> … in the text.
/// </summary>
public sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    internal SqliteSession(string connectionString)
    {
        connection = new SqliteConnection(connectionString);
        connection.Open();
        ExecuteScript("PRAGMA busy_timeout=10000;");
    }

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>The first column of the first row; <paramref name="none"/> when there is no row or it is null.</summary>
    public T Scalar<T>(string sql, T none, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : none;
    }

    /// <summary>Every row of a query, read by <paramref name="map"/>.</summary>
    public IReadOnlyList<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        using var reader = Bind(sql, values).ExecuteReader();
        while (reader.Read())
            rows.Add(map(reader));
        return rows;
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
        connection.Dispose();
    }

    /// <summary>Runs several statements that are not worth keeping prepared.</summary>
    internal void ExecuteScript(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Ends a transaction that could not be committed; SQLite may have ended it already.</summary>
    internal void TryRollback()
    {
        try
        {
            Execute("rollback");
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 1)
        {
            // "no transaction is active": SQLite rolled back by itself.
        }
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i + 1}" });
            prepared.Add(sql, command);
        }
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}

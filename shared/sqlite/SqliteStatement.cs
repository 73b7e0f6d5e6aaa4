using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Hexabase.Sqlite;

/// <summary>A prepared statement: bind, step to the end, reset.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;

    // SQLite numbers "$n" by first appearance in the text, not by n.
    private readonly int[] slots;

    /// <exception cref="ArgumentException">The text holds more than one statement.</exception>
    /// <exception cref="SqliteException">The text is no valid SQL for this database.</exception>
    public SqliteStatement(sqlite3 connection, string sql)
    {
        this.connection = connection;
        var code = raw.sqlite3_prepare_v3(connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement, out var rest);
        if (code != raw.SQLITE_OK)
            throw connection.Error();
        if (!string.IsNullOrWhiteSpace(rest))
        {
            statement.Dispose();
            throw new ArgumentException($"One statement at a time; this comes after the first: {rest}", nameof(sql));
        }
        slots = new int[raw.sqlite3_bind_parameter_count(statement)];
        for (var n = 1; n <= slots.Length; n++)
            slots[n - 1] = raw.sqlite3_bind_parameter_index(statement, $"${n}");
    }

    public SqliteRow Row => new(statement);

    /// <exception cref="ArgumentException">The text does not have exactly the parameters $1 to $n.</exception>
    public void Bind(ReadOnlySpan<object?> values)
    {
        if (values.Length != slots.Length)
            throw new ArgumentException($"{values.Length} values for {slots.Length} parameters.", nameof(values));
        for (var i = 0; i < values.Length; i++)
        {
            if (Bind(slots[i], values[i]) != raw.SQLITE_OK)
                throw connection.Error();
        }
    }

    /// <summary>True when the statement stands on a row, false when it is done.</summary>
    public bool Step() => raw.sqlite3_step(statement) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        _ => throw connection.Error(),
    };

    /// <summary>Ends the execution, and with it the read transaction of a query. Repeats the error that a step has already thrown.</summary>
    public void Reset() => _ = raw.sqlite3_reset(statement);

    public void Dispose() => statement.Dispose();

    private int Bind(int index, object? value) => value switch
    {
        null or DBNull => raw.sqlite3_bind_null(statement, index),
        string text => BindText(index, text),
        Utf8Text text => BindText(index, text.Bytes.Span),
        long number => raw.sqlite3_bind_int64(statement, index, number),
        int number => raw.sqlite3_bind_int64(statement, index, number),
        bool flag => raw.sqlite3_bind_int64(statement, index, flag ? 1 : 0),
        double number => raw.sqlite3_bind_double(statement, index, number),
        byte[] blob => BindBlob(index, blob),
        ReadOnlyMemory<byte> blob => BindBlob(index, blob.Span),
        _ => throw new NotSupportedException($"A value of {value.GetType()} cannot be bound."),
    };

    private int BindText(int index, string text)
    {
        const int MostOnStack = 512;
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= MostOnStack)
        {
            Span<byte> bytes = stackalloc byte[MostOnStack];
            return BindText(index, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }
        var rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            return BindText(index, rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    // An empty span has no address, which SQLite would take for null.
    private int BindText(int index, ReadOnlySpan<byte> text) =>
        text.IsEmpty ? raw.sqlite3_bind_text(statement, index, "") : raw.sqlite3_bind_text(statement, index, text);

    private int BindBlob(int index, ReadOnlySpan<byte> blob) =>
        blob.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, index, 0) : raw.sqlite3_bind_blob(statement, index, blob);
}

internal static class SqliteErrors
{
    /// <summary>The error of the connection's latest call.</summary>
    public static SqliteException Error(this sqlite3 connection) =>
        new(raw.sqlite3_extended_errcode(connection), raw.sqlite3_errmsg(connection).utf8_to_string());
}

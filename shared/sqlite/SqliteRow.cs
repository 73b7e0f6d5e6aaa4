using System.Text;
using SQLitePCL;

namespace Hexabase.Sqlite;

/// <summary>The row a query stands on; columns count from 0. Valid only inside the function it is given to.</summary>
public readonly ref struct SqliteRow
{
    private readonly sqlite3_stmt statement;

    internal SqliteRow(sqlite3_stmt statement) => this.statement = statement;

    public bool IsDBNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <exception cref="InvalidCastException">The column is null.</exception>
    public string GetString(int column) => Encoding.UTF8.GetString(GetUtf8(column));

    /// <exception cref="InvalidCastException">The column is null.</exception>
    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, NotNull(column));

    /// <exception cref="InvalidCastException">The column is null.</exception>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    public int GetInt32(int column) => checked((int)GetInt64(column));

    /// <exception cref="InvalidCastException">The column is null.</exception>
    public bool GetBoolean(int column) => GetInt64(column) != 0;

    /// <exception cref="InvalidCastException">The column is null.</exception>
    public double GetDouble(int column) => raw.sqlite3_column_double(statement, NotNull(column));

    /// <exception cref="InvalidCastException">The column is null.</exception>
    public byte[] GetBytes(int column) => GetUtf8(column).ToArray();

    /// <summary>The bytes of a text or blob in SQLite's own memory, which the next row or statement overwrites.</summary>
    /// <exception cref="InvalidCastException">The column is null.</exception>
    public ReadOnlySpan<byte> GetUtf8(int column) => raw.sqlite3_column_blob(statement, NotNull(column));

    /// <summary>The column as a string, long, int, bool, double, byte array or a nullable of these.</summary>
    /// <exception cref="InvalidCastException">The column is null and <typeparamref name="T"/> cannot be.</exception>
    public T GetFieldValue<T>(int column)
    {
        if (default(T) is null && IsDBNull(column))
            return default!;
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        object value = type == typeof(string) ? GetString(column)
            : type == typeof(long) ? GetInt64(column)
            : type == typeof(int) ? GetInt32(column)
            : type == typeof(bool) ? GetBoolean(column)
            : type == typeof(double) ? GetDouble(column)
            : type == typeof(byte[]) ? GetBytes(column)
            : throw new NotSupportedException($"A column cannot be read as {type}.");
        return (T)value;
    }

    private int NotNull(int column) => IsDBNull(column) ? throw new InvalidCastException($"Column {column} is null.") : column;
}

namespace Hexabase.Sqlite;

/// <summary>SQLite refused a call.</summary>
/// <param name="code">Extended result code, see sqlite.org/rescode.html; its low byte is the primary code.</param>
public sealed class SqliteException(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    /// <summary>Primary result code, 19 for a constraint.</summary>
    public int SqliteErrorCode => SqliteExtendedErrorCode & 0xFF;

    /// <summary>Extended result code, 2067 for a unique constraint.</summary>
    public int SqliteExtendedErrorCode { get; } = code;
}

/// <summary>The file was written by a newer version of the program.</summary>
public sealed class NewerSchemaException(string path, int found, int known)
    : Exception($"{path} has schema version {found}; this version of the program knows versions up to {known}.");

namespace Hexabase.Sqlite;

/// <summary>A text value that is UTF-8 already, to bind without a detour over a string.</summary>
public readonly record struct Utf8Text(ReadOnlyMemory<byte> Bytes);

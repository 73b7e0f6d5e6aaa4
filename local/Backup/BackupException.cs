namespace Hexabase.Local.Backup;

/// <summary>A backup cannot be taken or restored; the message is one line that says why.</summary>
public sealed class BackupException(string message, Exception? cause = null) : Exception(message, cause);

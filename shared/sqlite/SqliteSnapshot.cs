using SQLitePCL;

namespace Hexabase.Sqlite;

/// <summary>
/// A file as it was at one moment, while other connections and processes go on writing to it. Nobody waits for it, but until it is
/// disposed the file's WAL grows by all that is written: it is to be copied at once.
/// </summary>
public sealed class SqliteSnapshot : IDisposable
{
    /// <summary>Far more than are ever needed: a try takes microseconds, and fails when a commit falls into it.</summary>
    private const int MostTries = 10_000;

    /// <summary>Between two pages of the copy that look whether it is still wanted.</summary>
    private const int PagesAtOnce = 16_384;

    private readonly SqliteSession session;

    private SqliteSnapshot(string path) => session = new SqliteSession(path, mayCreate: false);

    /// <summary>
    /// The files as they were together at one moment: of a commit to one and an earlier commit to another, none holds the later without
    /// the other holding the earlier.
    /// </summary>
    /// <remarks>
    /// No lock is taken. The files' versions are read before and after the snapshots begin; when no version has changed, none of the files
    /// has, and every snapshot shows its file as it was all that time. Else it is tried again.
    /// </remarks>
    /// <exception cref="SqliteException">A file cannot be opened, or is written to without a pause.</exception>
    public static IReadOnlyList<SqliteSnapshot> TakeTogether(params IReadOnlyList<string> paths)
    {
        var watches = new List<SqliteSession>();
        var snapshots = new List<SqliteSnapshot>();
        try
        {
            foreach (var path in paths)
            {
                watches.Add(new SqliteSession(path, mayCreate: false));
                snapshots.Add(new SqliteSnapshot(path));
            }
            for (var tries = 0; tries < MostTries; tries++)
            {
                var before = Versions(watches);
                snapshots.ForEach(snapshot => snapshot.Begin());
                if (Versions(watches).SequenceEqual(before))
                    return snapshots;
                snapshots.ForEach(snapshot => snapshot.End());
            }
            throw new SqliteException(raw.SQLITE_BUSY, $"There is no moment between the commits to {string.Join(" and ", paths)}.");
        }
        catch
        {
            snapshots.ForEach(snapshot => snapshot.Dispose());
            throw;
        }
        finally
        {
            watches.ForEach(watch => watch.Dispose());
        }
    }

    /// <summary>Writes the snapshot to a new file. When it is cut short the file is of no use.</summary>
    /// <exception cref="SqliteException">The file cannot be written.</exception>
    public void CopyTo(string path, CancellationToken ct)
    {
        using var copy = new SqliteSession(path);
        copy.ExecuteScript("pragma journal_mode = off; pragma synchronous = off");
        session.CopyTo(copy, PagesAtOnce, ct);
    }

    public void Dispose() => session.Dispose();

    /// <summary>Differ between two calls when another connection has committed in between.</summary>
    private static List<long> Versions(List<SqliteSession> watches) =>
        [.. watches.Select(watch => watch.Scalar("pragma data_version", 0L))];

    // A transaction sees what was there at its first read.
    private void Begin()
    {
        session.Execute("begin");
        session.Scalar("select count(*) from sqlite_master", 0L);
    }

    private void End() => session.Execute("rollback");
}

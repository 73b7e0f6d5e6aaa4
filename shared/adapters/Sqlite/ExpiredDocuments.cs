using Hexabase.Sqlite;

namespace Hexabase.Adapters.Sqlite;

/// <summary>
/// Deletes documents whose time to live is over, a small portion along with a commit, so that no commit waits long. Reads do not
/// depend on it: they look at the time themselves. Used on the writer's thread only.
/// </summary>
internal sealed class ExpiredDocuments(IReadOnlyList<ContainerTable> tables)
{
    private const int Portion = 100;
    private static readonly TimeSpan WhenSomeAreLeft = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WhenAllAreGone = TimeSpan.FromSeconds(1);

    private DateTimeOffset due = DateTimeOffset.MinValue;

    public void PurgeSome(SqliteSession session, DateTimeOffset now)
    {
        if (now < due)
            return;
        var full = false;
        foreach (var table in tables)
            full |= session.Execute(table.Purge, now.ToUnixTimeMilliseconds(), Portion) == Portion;
        due = now + (full ? WhenSomeAreLeft : WhenAllAreGone);
    }
}

using Hexabase.Sqlite;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>
/// A Kubernetes cluster that is not there: its objects, and what would become of them, in the platform's database. Nothing runs while
/// nobody asks: each call first lets everything happen that has become due, at the time it was due. So a restart, or a host that was down
/// for a while, changes nothing about the outcome.
/// </summary>
internal sealed class ClusterSimulator(SqliteDatabase database, TimeProvider clock) : IDisposable
{
    private readonly ClusterStore store = new(database);
    private readonly SemaphoreSlim oneAtATime = new(1);
    private ClusterState? state;

    /// <summary>
    /// Carries out one call, alone and all or nothing: durable with all its immediate consequences when the task completes; when
    /// <paramref name="work"/> throws nothing has changed.
    /// </summary>
    public async Task<T> Run<T>(Func<Draft, T> work, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            var before = state ?? store.Load() ?? ClusterState.Empty;
            var now = clock.GetUtcNow();
            var draft = new Draft(before, now);
            if (before.Version == 0)
                FirstDay.Begin(draft);
            Controllers.Advance(draft, now);
            var advanced = draft.State;
            var result = work(draft);
            if (!ReferenceEquals(advanced, draft.State))
                Controllers.Settle(draft);
            if (!ReferenceEquals(before, draft.State))
                await store.Save(draft, before);
            state = draft.State;
            return result;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();
}

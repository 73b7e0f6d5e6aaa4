using Hexabase.Sqlite;

namespace Hexabase.Local;

/// <summary>Waits for a store that does not answer, such as one on a full disk: what it is asked for cannot be done without it.</summary>
internal static class StoreRetry
{
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <param name="failed">Told of each failure.</param>
    public static async Task<T> UntilItAnswers<T>(Func<Task<T>> ask, Action<SqliteException> failed, TimeProvider clock, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (SqliteException e)
            {
                failed(e);
                await Task.Delay(Delay, clock, ct);
            }
        }
    }
}

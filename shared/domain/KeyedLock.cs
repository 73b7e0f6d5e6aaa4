namespace Hexabase.Domain;

/// <summary>
/// Lets one caller per key through at a time, within this process. Keys share a fixed number of locks, so memory does not grow
/// with them and two keys may now and then wait for each other.
/// </summary>
public sealed class KeyedLock : IDisposable
{
    private readonly SemaphoreSlim[] stripes = [.. Enumerable.Range(0, 1024).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits for the key's turn; disposing the answer ends it. Must not be nested.</summary>
    public async ValueTask<Turn> Enter(string key, CancellationToken ct)
    {
        var stripe = stripes[(uint)key.GetHashCode(StringComparison.Ordinal) % stripes.Length];
        await stripe.WaitAsync(ct);
        return new Turn(stripe);
    }

    public void Dispose()
    {
        foreach (var stripe in stripes)
            stripe.Dispose();
    }

    /// <summary>The right to be alone with a key.</summary>
    public readonly struct Turn(SemaphoreSlim stripe) : IDisposable
    {
        public void Dispose() => stripe.Release();
    }
}

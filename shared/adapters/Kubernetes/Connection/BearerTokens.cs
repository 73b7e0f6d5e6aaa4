using Hexabase.Domain;

namespace Hexabase.Adapters.Kubernetes.Connection;

/// <summary>
/// The token that calls carry, read again when its time is over. Kubernetes rotates tokens in files, and plugins give short ones. Thread-safe.
/// </summary>
internal sealed class BearerTokens(Func<CancellationToken, Task<BearerToken>> read, TimeProvider clock) : IDisposable
{
    /// <summary>The old token of a file is good for long after the new one is there.</summary>
    private static readonly TimeSpan FileLifetime = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim reading = new(1, 1);
    private BearerToken? current;

    public static BearerTokens Always(string token) =>
        new(_ => Task.FromResult(new BearerToken(token, DateTimeOffset.MaxValue)), TimeProvider.System);

    public static BearerTokens FromFile(string path, TimeProvider clock) => new(
        async ct =>
        {
            try
            {
                return new BearerToken((await File.ReadAllTextAsync(path, ct)).Trim(), clock.GetUtcNow() + FileLifetime);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new DependencyUnavailableException("The file with the cluster's token cannot be read.", e);
            }
        },
        clock);

    /// <exception cref="DependencyUnavailableException">There is no token to be had now.</exception>
    public async Task<string> Get(CancellationToken ct)
    {
        if (Fresh() is { } fresh)
            return fresh;
        await reading.WaitAsync(ct);
        try
        {
            if (Fresh() is { } readMeanwhile)
                return readMeanwhile;
            var token = await read(ct);
            Volatile.Write(ref current, token);
            return token.Value;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>The cluster no longer takes the token: the next call reads it anew, unless another has done so meanwhile.</summary>
    public void Refused(string token)
    {
        var seen = Volatile.Read(ref current);
        if (seen?.Value == token)
            Interlocked.CompareExchange(ref current, null, seen);
    }

    public void Dispose() => reading.Dispose();

    private string? Fresh() => Volatile.Read(ref current) is { } token && clock.GetUtcNow() < token.ReadAgainAt ? token.Value : null;
}

internal sealed record BearerToken(string Value, DateTimeOffset ReadAgainAt)
{
    /// <summary>No token in logs.</summary>
    public override string ToString() => nameof(BearerToken);
}

namespace Hexabase.Tests.Strategies;

/// <summary>A test with a <see cref="StrategyArea"/> of its own.</summary>
public abstract class StrategyTest : IAsyncLifetime, IAsyncDisposable
{
    private protected StrategyArea Area { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Area.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
}

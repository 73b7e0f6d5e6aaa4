namespace Hexabase.Tests.Datasets;

/// <summary>A test with a <see cref="DatasetArea"/> of its own.</summary>
public abstract class DatasetTest : IAsyncLifetime, IAsyncDisposable
{
    private protected DatasetArea Area { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Area.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
}

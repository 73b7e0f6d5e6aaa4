using Hexabase.Tests.Support;

namespace Hexabase.Tests.Local;

/// <summary>One platform with its companions for all tests of a class, which leave it as they find it.</summary>
public sealed class CompanionFixture : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder data = new();

    internal TestPlatform Platform { get; private set; } = null!;

    public async Task InitializeAsync() => Platform = await Up(data.Path);

    public async Task DisposeAsync() => await Platform.DisposeAsync();

    public void Dispose() => data.Dispose();

    internal static async Task<TestPlatform> Up(string data)
    {
        var started = await TestPlatform.Start(new HandlerApp(), data, companions: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await started.Platform.WhenUp(patience.Token);
        return started;
    }
}

namespace Hexabase.Tests.Local;

/// <summary>One platform for all tests of a class, which leave it as they find it.</summary>
public sealed class TestPlatformFixture : IAsyncLifetime
{
    internal TestPlatform Platform { get; private set; } = null!;

    public async Task InitializeAsync() => Platform = await TestPlatform.Start();

    public async Task DisposeAsync() => await Platform.DisposeAsync();
}

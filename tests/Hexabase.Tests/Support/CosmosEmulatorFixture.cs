using System.Globalization;
using System.Security.Cryptography;
using Hexabase.Local;
using Hexabase.Local.Companions;
using Hexabase.Local.Cosmos;
using Hexabase.Local.Processes;
using Hexabase.Local.Settings;

namespace Hexabase.Tests.Support;

/// <summary>A Cosmos DB account on free ports, as the local platform has it; installed by <c>npm ci</c> when it is not there yet.</summary>
public sealed class CosmosEmulatorFixture : IAsyncLifetime, IDisposable
{
    private readonly HttpMessageInvoker http = ChildHttp.New();
    private readonly CosmosAccount account;
    private int databases;

    public CosmosEmulatorFixture()
    {
        var console = PlatformConsole.OfThisProcess;
        var package = NpmPackage.CosmosEmulator(Repository.NpmPackage, console, TimeProvider.System);
        account = new CosmosAccount(package, Endpoint, Key, http, console, TimeProvider.System, lost: () => { }, CancellationToken.None);
    }

    public Uri Endpoint { get; } = new($"http://localhost:{LocalPorts.Free()}/");

    /// <summary>As long as those of the service.</summary>
    public string Key { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    /// <summary>The name of a database that nobody uses yet; it is not created.</summary>
    public string NewDatabase() => string.Create(CultureInfo.InvariantCulture, $"test-{Interlocked.Increment(ref databases)}");

    public Task InitializeAsync() => account.StartAsync(CancellationToken.None);

    public Task DisposeAsync() => account.StopAsync(CancellationToken.None);

    public void Dispose() => http.Dispose();
}

/// <summary>Tests that share one account: <c>[Collection(CosmosEmulator.Collection)]</c>.</summary>
[CollectionDefinition(Collection)]
public sealed class CosmosEmulator : ICollectionFixture<CosmosEmulatorFixture>
{
    public const string Collection = "Cosmos DB emulator";
}

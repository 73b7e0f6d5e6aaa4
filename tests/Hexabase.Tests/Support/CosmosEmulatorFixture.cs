using System.Globalization;
using Hexabase.Local;
using Hexabase.Local.Companions;
using Hexabase.Local.Cosmos;
using Hexabase.Local.Processes;
using Hexabase.Local.Settings;

namespace Hexabase.Tests.Support;

/// <summary>A Cosmos DB account on free ports: the emulator, installed by <c>npm ci</c> when it is not there yet, behind the platform's proxy.</summary>
public sealed class CosmosEmulatorFixture : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    private readonly HttpMessageInvoker http = ChildHttp.New();
    private SupervisedProcess? emulator;
    private CosmosProxy? proxy;
    private int databases;

    public Uri Endpoint { get; } = new($"http://localhost:{LocalPorts.Free()}/");

    /// <summary>As long as those of the service.</summary>
    public string Key { get; } = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(64));

    /// <summary>The name of a database that nobody uses yet; it is not created.</summary>
    public string NewDatabase() => string.Create(CultureInfo.InvariantCulture, $"test-{Interlocked.Increment(ref databases)}");

    public async Task InitializeAsync()
    {
        var console = PlatformConsole.OfThisProcess;
        var package = NpmPackage.CosmosEmulator(Repository.NpmPackage, console, TimeProvider.System);
        await package.Install(CancellationToken.None);
        var port = LocalPorts.Free();
        var plan = new ProcessPlan(
            "Cosmos DB emulator",
            () => new Launch(package.Node("server.mjs", port.ToString(CultureInfo.InvariantCulture)), new Uri($"http://127.0.0.1:{port}/")),
            ReadyWithin)
        {
            OnOutput = _ => { },
            OnError = console.Warn,
        };
        emulator = new SupervisedProcess(plan, http, console, TimeProvider.System, CancellationToken.None);
        emulator.Start();
        proxy = await CosmosProxy.Start(Endpoint, Key, async ct => (await emulator.WhenReady(ct))!, CancellationToken.None);
        await emulator.WhenReady(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (proxy is not null)
            await proxy.DisposeAsync();
        if (emulator is not null)
            await emulator.DisposeAsync();
    }

    public void Dispose() => http.Dispose();
}

/// <summary>Tests that share one account: <c>[Collection(CosmosEmulator.Collection)]</c>.</summary>
[CollectionDefinition(Collection)]
public sealed class CosmosEmulator : ICollectionFixture<CosmosEmulatorFixture>
{
    public const string Collection = "Cosmos DB emulator";
}

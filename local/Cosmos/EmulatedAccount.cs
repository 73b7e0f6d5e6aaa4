using System.Globalization;
using Hexabase.Local.Companions;
using Hexabase.Local.Processes;
using Hexabase.Local.Settings;
using Microsoft.AspNetCore.Connections;

namespace Hexabase.Local.Cosmos;

/// <summary>
/// A Cosmos DB account of this machine: the emulator, installed on first use, and the proxy in front of it. It has started when it answers. An
/// emulator that dies is not started again, for its documents are gone.
/// </summary>
/// <param name="endpoint">Where the account is to be, on loopback.</param>
/// <param name="key">The account's key, Base64.</param>
/// <param name="lost">Called when the emulator has died.</param>
/// <param name="platformStops">As of <see cref="SupervisedProcess"/>.</param>
public sealed class EmulatedAccount(
    NpmPackage package,
    Uri endpoint,
    string key,
    HttpMessageInvoker http,
    PlatformConsole console,
    TimeProvider clock,
    Action lost,
    CancellationToken platformStops) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    private SupervisedProcess? emulator;
    private CosmosProxy? proxy;

    /// <summary>Of the emulator; null when it does not run.</summary>
    public int? ProcessId => emulator?.ProcessId;

    /// <exception cref="CannotStartException">The emulator could not be installed or started, or the account's port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await package.Install(cancellationToken);
        emulator = new SupervisedProcess(Plan(), http, console, clock, platformStops);
        emulator.Start();
        var at = await emulator.WhenReady(cancellationToken);
        try
        {
            proxy = await CosmosProxy.Start(endpoint, key, at!, cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new CannotStartException($"Port {endpoint.Port}, chosen for the Cosmos DB account, was taken meanwhile: start again.", e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (proxy is not null)
            await proxy.DisposeAsync();
        if (emulator is not null)
            await emulator.DisposeAsync();
    }

    private ProcessPlan Plan()
    {
        var port = LocalPorts.Free(endpoint.Port);
        return new ProcessPlan(
            "Cosmos DB emulator",
            () => new Launch(package.Node("server.mjs", port.ToString(CultureInfo.InvariantCulture)), new Uri($"http://127.0.0.1:{port}/")),
            ReadyWithin)
        {
            OnOutput = _ => { },
            OnError = line => console.Warn($"Cosmos DB emulator: {line}"),
            OnLost = how =>
            {
                console.Warn($"The Cosmos DB emulator {how}, and all documents are gone with it: start the platform anew.");
                lost();
            },
        };
    }
}

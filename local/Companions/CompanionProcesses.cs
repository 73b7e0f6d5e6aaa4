using System.Globalization;
using Hexabase.Local.Processes;
using Hexabase.Local.Settings;

namespace Hexabase.Local.Companions;

/// <summary>Azurite for blobs and the OAuth mock for sign-in: installed on first use, kept running, on loopback only.</summary>
public sealed class CompanionProcesses : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    /// <summary>Azurite writes out what it holds in memory. More than exit-with-parent.cjs allows it, which then ends it itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly NpmPackage package;
    private readonly SupervisedProcess[] processes;
    private readonly CancellationTokenSource stopping = new();
    private Task installation = Task.CompletedTask;

    public CompanionProcesses(
        NpmPackage package,
        DataFolder data,
        LocalPorts ports,
        HttpMessageInvoker http,
        PlatformConsole console,
        TimeProvider clock,
        IHostApplicationLifetime lifetime)
    {
        this.package = package;
        var azurite = Azurite(package, data, ports.Blobs, console);
        var oauth = Plan("OAuth mock", ports.SignIn, console, () => package.Node("npm/oauth.mjs", [Text(ports.SignIn)]));
        processes = [.. new[] { azurite, oauth }.Select(plan => new SupervisedProcess(plan, http, console, clock, lifetime.ApplicationStopping))];
    }

    /// <summary>Azurite on the blobs of a data folder. One at a time may run on it.</summary>
    public static ProcessPlan Azurite(NpmPackage package, DataFolder data, int port, PlatformConsole console) =>
        Plan("Azurite", port, console, () => package.Node(
            "node_modules/azurite/dist/src/blob/main.js",
            ["--blobHost", "127.0.0.1", "--blobPort", Text(port), "--location", data.File("azurite"), "--silent", "--skipApiVersionCheck", "--disableTelemetry"]));

    /// <summary>Installs and starts them in the background.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        installation = InstallAndStart(stopping.Token);
        return Task.CompletedTask;
    }

    /// <summary>Completes when both answer.</summary>
    /// <exception cref="CannotStartException">They could not be installed.</exception>
    public async Task WhenReady(CancellationToken ct)
    {
        await installation.WaitAsync(ct);
        foreach (var process in processes)
            await process.WhenReady(ct);
    }

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        await installation.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await Task.WhenAll(processes.Select(p => p.DisposeAsync().AsTask()));
        stopping.Dispose();
    }

    private async Task InstallAndStart(CancellationToken stop)
    {
        await package.Install(stop);
        foreach (var process in processes)
            process.Start();
    }

    private static ProcessPlan Plan(string name, int port, PlatformConsole console, Func<System.Diagnostics.ProcessStartInfo> start) =>
        new(name, () => new Launch(start(), new Uri($"http://127.0.0.1:{port}/")), ReadyWithin)
        {
            Patience = Patience,
            OnOutput = _ => { }, // where they listen is said in our own words
            OnError = line => console.Warn($"{name}: {line}"),
        };

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}

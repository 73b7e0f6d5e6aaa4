using Hexabase.Local.Companions;
using Hexabase.Local.Processes;
using Hexabase.Local.Settings;

namespace Hexabase.Local.Backup;

/// <summary>Azurite on a data folder that no platform runs on. It has written everything to its files when disposed.</summary>
internal sealed class LoneAzurite : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(1);

    private readonly HttpMessageInvoker http = ChildHttp.New();
    private readonly SupervisedProcess process;

    private LoneAzurite(ProcessPlan plan, int port, PlatformConsole console, TimeProvider clock)
    {
        process = new SupervisedProcess(plan, http, console, clock, CancellationToken.None);
        Blobs = new BlobAccount(port);
    }

    public BlobAccount Blobs { get; }

    /// <exception cref="CannotStartException">Node.js or npm is missing, or Azurite cannot be installed.</exception>
    /// <exception cref="BackupException">It does not come up.</exception>
    public static async Task<LoneAzurite> Start(
        DataFolder data, NpmPackage package, PlatformConsole console, TimeProvider clock, CancellationToken ct)
    {
        await NodeRuntime.Require(ct);
        await package.Install(ct);
        var ports = await LocalPorts.In(data, platform: 0, console, clock, ct);
        var azurite = new LoneAzurite(CompanionProcesses.Azurite(package, data, ports.Blobs, console), ports.Blobs, console, clock);
        try
        {
            azurite.process.Start();
            await azurite.process.WhenReady(ct).AsTask().WaitAsync(StartsWithin, clock, ct);
            return azurite;
        }
        catch (Exception e)
        {
            await azurite.DisposeAsync();
            if (e is TimeoutException)
                throw new BackupException("Azurite does not start; what it said is above.", e);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        http.Dispose();
    }
}

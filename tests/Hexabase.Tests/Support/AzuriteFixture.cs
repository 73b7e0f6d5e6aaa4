using System.Diagnostics;
using System.Globalization;
using Hexabase.Local;
using Hexabase.Local.Companions;
using Hexabase.Local.Settings;

namespace Hexabase.Tests.Support;

/// <summary>Azurite's blob service on a free port with a folder of its own; installed by <c>npm ci</c> in local/ when it is not there yet.</summary>
public sealed class AzuriteFixture : IAsyncLifetime, IDisposable
{
    // The account and key that every Azurite knows: not a secret.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder folder = new();
    private Process? azurite;
    private int port;

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port}/{Account};";

    public async Task InitializeAsync()
    {
        var package = NpmPackage.Companions(Repository.NpmPackage, PlatformConsole.OfThisProcess, TimeProvider.System);
        await package.Install(CancellationToken.None);
        port = LocalPorts.Free();
        var start = package.Node(
            "node_modules/azurite/dist/src/blob/main.js",
            "--blobHost", "127.0.0.1", "--blobPort", port.ToString(CultureInfo.InvariantCulture),
            "--location", folder.Path, "--silent", "--skipApiVersionCheck", "--disableTelemetry");
        start.UseShellExecute = false;
        start.RedirectStandardInput = true; // Azurite ends when this end of the pipe is gone, however the tests end.
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        azurite = Process.Start(start)!;
        azurite.BeginOutputReadLine();
        azurite.BeginErrorReadLine();
        await WhenReady();
    }

    public async Task DisposeAsync()
    {
        if (azurite is not null)
        {
            azurite.Kill(entireProcessTree: true);
            await azurite.WaitForExitAsync();
        }
    }

    public void Dispose()
    {
        azurite?.Dispose();
        folder.Dispose();
    }

    private async Task WhenReady()
    {
        var deadline = Stopwatch.StartNew();
        using var http = new HttpClient();
        while (true)
        {
            Assert.False(azurite!.HasExited, "Azurite ended by itself.");
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
                return;
            }
            catch (HttpRequestException) when (deadline.Elapsed < ReadyWithin)
            {
                await Task.Delay(50);
            }
        }
    }
}

/// <summary>Tests that share one Azurite: <c>[Collection(Azurite.Collection)]</c>.</summary>
[CollectionDefinition(Collection)]
public sealed class Azurite : ICollectionFixture<AzuriteFixture>
{
    public const string Collection = "Azurite";
}

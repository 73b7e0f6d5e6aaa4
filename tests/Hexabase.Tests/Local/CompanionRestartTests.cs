using System.Runtime.Versioning;
using Azure.Storage.Blobs;
using Hexabase.Local;
using Hexabase.Local.Companions;
using Hexabase.Local.Settings;
using Hexabase.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Local;

/// <summary>What becomes of the companions when they, or the platform, end; and when they cannot be installed.</summary>
[SupportedOSPlatform("linux")]
public sealed class CompanionRestartTests
{
    [Fact]
    public async Task What_is_stored_outlives_a_restart_of_the_platform_and_a_kill_of_azurite()
    {
        using var data = new TemporaryFolder();
        var platform = await CompanionFixture.Up(data.Path);
        var container = new BlobServiceClient(Storage(platform)).GetBlobContainerClient("data");
        await container.CreateAsync(metadata: new Dictionary<string, string>(StringComparer.Ordinal) { ["owner"] = "tests" });
        await platform.DisposeAsync();

        platform = await CompanionFixture.Up(data.Path);
        var again = new BlobServiceClient(Storage(platform)).GetBlobContainerClient("data");
        Assert.Equal("tests", (await again.GetPropertiesAsync()).Value.Metadata["owner"]);

        Signals.Send(ProcessTable.WithCommandLine("azurite/dist/src/blob/main.js", data.File("azurite")).Single(), Signals.Kill);
        await Eventually.Holds(() => platform.Error.ToString().Contains("The Azurite died", StringComparison.Ordinal), "it is started again");
        Assert.Equal("tests", (await again.GetPropertiesAsync()).Value.Metadata["owner"]);
        await platform.DisposeAsync();
    }

    [Fact]
    public async Task A_place_where_nothing_can_be_installed_is_one_clear_line()
    {
        using var folder = new TemporaryFolder();
        var package = NpmPackage.Companions(folder.File("missing"), new PlatformConsole(TextWriter.Null, TextWriter.Null), TimeProvider.System);
        var refusal = await Assert.ThrowsAsync<CannotStartException>(() => package.Install(CancellationToken.None));
        Assert.StartsWith($"Azurite and the OAuth mock cannot be installed in {folder.File("missing")}: ", refusal.Message, StringComparison.Ordinal);
    }

    private static string Storage(TestPlatform platform) => platform.Services.GetRequiredService<AppSettings>()["AzureWebJobsStorage"]!;
}

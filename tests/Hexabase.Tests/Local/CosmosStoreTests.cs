using Hexabase.Local;
using Hexabase.Local.Cosmos;
using Hexabase.Local.Settings;
using Hexabase.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Local;

/// <summary>The platform with <c>--store cosmos</c>: nothing is kept, and it does not pretend otherwise.</summary>
public sealed class CosmosStoreTests
{
    private static readonly LocalOptions OnCosmos = new() { Store = DocumentsIn.Cosmos };

    [Fact]
    public async Task The_app_is_given_the_account_and_no_file()
    {
        await using var platform = await TestPlatform.Start(new HandlerApp([]), store: DocumentsIn.Cosmos);
        var settings = platform.Services.GetRequiredService<AppSettings>();

        Assert.Equal(platform.Platform.Cosmos!.AbsoluteUri, settings["Documents__Cosmos__Endpoint"]);
        Assert.Equal("true", settings["Documents__Cosmos__CreateContainers"]);
        Assert.NotNull(settings["Documents__Cosmos__Key"]);
        Assert.Equal("", settings["Documents__Sqlite"]);
    }

    [Fact]
    public void An_account_that_the_environment_names_is_not_used()
    {
        using var folder = new TemporaryFolder();
        using var data = DataFolder.Claim(folder.Path);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Documents__Sqlite"] = "/srv/documents.db",
            ["Documents__Cosmos__Endpoint"] = "https://real.documents.azure.com:443/",
            ["Documents__Cosmos__Key"] = "real",
            ["Documents__Cosmos__ClientId"] = "real",
            ["Documents__Cosmos__Database"] = "real",
            ["Documents__Cosmos__CreateContainers"] = "false",
        };
        var emulator = new Uri("http://localhost:20000/");

        var settings = new AppSettings(
            new Dictionary<string, string>(StringComparer.Ordinal),
            folder.Path,
            environment,
            ProvidedSettings.GivenBy(OnCosmos, data, emulator));

        Assert.Equal(
            ("", emulator.AbsoluteUri, LocalSecrets.CosmosKey(data), "", "", "true"),
            (settings["Documents__Sqlite"],
                settings["Documents__Cosmos__Endpoint"],
                settings["Documents__Cosmos__Key"],
                settings["Documents__Cosmos__ClientId"],
                settings["Documents__Cosmos__Database"],
                settings["Documents__Cosmos__CreateContainers"]));
    }

    [Fact]
    public async Task A_platform_whose_emulator_dies_says_so_and_stops()
    {
        await using var platform = await TestPlatform.Start(new HandlerApp([]), store: DocumentsIn.Cosmos);

        Signals.Send(platform.Services.GetRequiredService<EmulatedAccount>().ProcessId!.Value, Signals.Kill);

        await Eventually.Holds(() => platform.Platform.Failed.IsCancellationRequested, "the platform stops");
        Assert.Contains(
            "The Cosmos DB emulator died (exit code 137), and all documents are gone with it: start the platform anew.",
            platform.Error.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_data_folder_a_temporary_one_is_taken_and_removed()
    {
        var data = DataFolder.For(OnCosmos);
        data.ReadOrCreate("file", () => "text");
        Assert.True(Directory.Exists(data.Location));

        data.Dispose();

        Assert.False(Directory.Exists(data.Location));
    }

    [Fact]
    public void A_new_data_folder_is_taken_and_stays()
    {
        using var parent = new TemporaryFolder();
        var data = DataFolder.For(OnCosmos with { DataFolder = parent.File("new") });

        data.Dispose();

        Assert.True(Directory.Exists(data.Location));
    }

    [Fact]
    public void A_data_folder_of_an_earlier_platform_is_refused_and_left_alone()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("platform.db"), "queues of documents that are gone");

        var refusal = Assert.Throws<CannotStartException>(() => DataFolder.For(OnCosmos with { DataFolder = folder.Path }));

        Assert.Equal(
            $"{folder.Path} is not empty: documents in Cosmos DB begin anew with every start, so --data must name a new or empty folder, or be left out.",
            refusal.Message);
        Assert.True(File.Exists(folder.File("platform.db")));
        using var claimable = DataFolder.Claim(folder.Path);
    }
}

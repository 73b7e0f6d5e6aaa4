using System.Collections;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Hexabase.Local;
using Hexabase.Local.Settings;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Local;

public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    private string Folder => temporary.Path;

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void The_environment_wins_over_local_settings_and_those_over_what_the_platform_provides()
    {
        File.WriteAllText(Path.Combine(Folder, "local.settings.json"), """{"IsEncrypted": false, "Values": {"B": "file", "C": "file"}} // as Core Tools has it""");
        var settings = Settings(provided: [("A", "ours"), ("B", "ours"), ("C", "ours")], environment: [("C", "environment")]);
        Assert.Equal(("ours", "file", "environment"), (settings["A"], settings["B"], settings["C"]));
    }

    [Fact]
    public void Development_storage_in_local_settings_means_the_azurite_that_the_platform_started()
    {
        File.WriteAllText(Path.Combine(Folder, "local.settings.json"), """{"Values": {"AzureWebJobsStorage": "UseDevelopmentStorage=true"}}""");
        Assert.Equal("ours", Settings(provided: [("AzureWebJobsStorage", "ours")])["AzureWebJobsStorage"]);
    }

    [Fact]
    public void A_broken_local_settings_file_is_one_clear_line()
    {
        File.WriteAllText(Path.Combine(Folder, "local.settings.json"), "{");
        var refusal = Assert.Throws<CannotStartException>(() => Settings());
        Assert.Contains("local.settings.json is not a settings file", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain", null)]
    [InlineData("%Name%", "value", null)]
    [InlineData("a-%Name%-%NAME%-b", "a-value-value-b", null)]
    [InlineData("100 %", "100 %", null)]
    [InlineData("x%Unknown%y", "xy", "Unknown")]
    public void Settings_between_percent_signs_are_expanded(string text, string expanded, string? missing)
    {
        Assert.Equal(expanded, Settings(provided: [("Name", "value")]).Expand(text, out var unset));
        Assert.Equal(missing, unset);
    }

    [Fact]
    public void What_is_provided_names_every_part_and_is_the_same_at_the_next_start()
    {
        var (first, second) = (Provide(seed: true), Provide(seed: true));
        Assert.Equal(first, second);
        Assert.Matches("^DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=.+;BlobEndpoint=http://127.0.0.1:[0-9]+/devstoreaccount1;$", first["AzureWebJobsStorage"]);
        Assert.Matches("^Endpoint=http://localhost:7071/;SharedAccessKeyName=local;SharedAccessKey=.{44}$", first["ServiceBus"]);
        Assert.Equal(Path.Combine(Folder, "documents.db"), first["Documents__Sqlite"]);
        Assert.Equal("http://localhost:7071", first["Auth__PublicBaseUrl"]);
        Assert.Matches("^http://localhost:[0-9]+$", first["Auth__Dev__Authority"]);
        Assert.Equal(("http://localhost:7071", "http://localhost:5173"), (first["Auth__AllowedRedirects__0"], first["Auth__AllowedRedirects__1"]));
        Assert.Equal(("operator@localhost", "true"), (first["Operators__0"], first["Seed"]));
        Assert.Equal("false", Provide(seed: false)["Seed"]);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void The_signing_key_is_a_p256_key_that_only_this_user_can_read()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Provide(seed: true)["Auth__SigningKeys"]);
        Assert.Equal(256, key.KeySize);
        foreach (var file in new[] { "signing-keys.pem", "secrets.json" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Folder, file)));
    }

    [Fact]
    public void A_data_folder_belongs_to_one_platform_at_a_time()
    {
        using (DataFolder.Claim(Folder))
        {
            var refusal = Assert.Throws<CannotStartException>(() => DataFolder.Claim(Folder));
            Assert.Contains("is in use by another running instance", refusal.Message, StringComparison.Ordinal);
        }
        using var free = DataFolder.Claim(Folder);
    }

    private IReadOnlyDictionary<string, string> Provide(bool seed)
    {
        using var data = DataFolder.Claim(Folder);
        return ProvidedSettings.For(new LocalOptions { Seed = seed }, data, LocalSecrets.In(data), LocalPorts.In(data));
    }

    private AppSettings Settings((string, string)[]? provided = null, (string, string)[]? environment = null) => new(
        (provided ?? []).ToDictionary(s => s.Item1, s => s.Item2, StringComparer.Ordinal),
        Folder,
        new Hashtable((environment ?? []).ToDictionary(s => s.Item1, s => s.Item2, StringComparer.Ordinal)));
}

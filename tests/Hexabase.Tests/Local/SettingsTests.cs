using System.Collections;
using System.Net;
using System.Net.Sockets;
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
    public void An_option_of_the_command_line_wins_over_the_environment_however_that_spells_it()
    {
        var given = GivenBy(new LocalOptions { Seed = false });
        Assert.Equal("false", Settings(provided: [("Seed", "false")], environment: [("SEED", "123")], given: given)["Seed"]);
        Assert.Equal("123", Settings(provided: [("Seed", "true")], environment: [("SEED", "123")], given: GivenBy(new LocalOptions()))["Seed"]);
    }

    [Fact]
    public async Task The_ports_of_the_companions_differ_and_stay_the_same()
    {
        using var data = DataFolder.Claim(Folder);
        var ports = await Ports(data, platform: 7071);
        Assert.NotEqual(ports.Blobs, ports.SignIn);
        Assert.Equal(ports, await Ports(data, platform: 7071));
        Assert.NotEqual(ports.Blobs, (await Ports(data, platform: ports.Blobs)).Blobs);
    }

    [Fact]
    public async Task A_port_that_an_earlier_companion_still_holds_is_waited_for()
    {
        using var data = DataFolder.Claim(Folder);
        var clock = new ManualTimeProvider();
        var before = await Ports(data, platform: 7071);
        using var companion = new TcpListener(IPAddress.Loopback, before.Blobs);
        companion.Start();
        var after = Ports(data, platform: 7071, clock);
        await Eventually.Holds(() => clock.PendingTimers > 0, "it waits");
        companion.Stop();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(before, await after);
    }

    [Fact]
    public async Task A_port_that_somebody_else_took_is_given_up_after_ten_seconds()
    {
        using var data = DataFolder.Claim(Folder);
        var clock = new ManualTimeProvider();
        var before = await Ports(data, platform: 7071);
        using var other = new TcpListener(IPAddress.Loopback, before.Blobs);
        other.Start();
        var after = Ports(data, platform: 7071, clock);
        while (!after.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }
        Assert.NotEqual(before.Blobs, (await after).Blobs);
        Assert.Equal(await after, await Ports(data, platform: 7071));
    }

    [Theory]
    [InlineData("secrets.json", "{")]
    [InlineData("secrets.json", "{}")]
    [InlineData("ports.json", "null")]
    public async Task A_damaged_file_of_the_data_folder_is_one_clear_line(string file, string text)
    {
        using var data = DataFolder.Claim(Folder);
        await File.WriteAllTextAsync(data.File(file), text);
        var refusal = await Assert.ThrowsAsync<CannotStartException>(
            () => file == "ports.json" ? (Task)Ports(data, 7071) : Task.FromResult(LocalSecrets.In(data)));
        Assert.StartsWith($"{data.File(file)} is damaged, delete it", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_new_data_folder_is_for_this_user_only()
    {
        var path = Path.Combine(Folder, "data");
        using var data = DataFolder.Claim(path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
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
        Assert.Equal("http://localhost:7071/simulators/stripe", first["Payments__BaseUrl"]);
        Assert.Matches("^sk_test_[0-9a-f]{64}$", first["Payments__SecretKey"]);
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
        foreach (var file in new[] { "signing-keys.pem", "secrets.json", "payments-key" })
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
        return ProvidedSettings.For(new LocalOptions { Seed = seed }, data, LocalSecrets.In(data), new LocalPorts(20_001, 20_002));
    }

    private static Task<LocalPorts> Ports(DataFolder data, int platform, TimeProvider? clock = null) =>
        LocalPorts.In(data, platform, new PlatformConsole(TextWriter.Null, TextWriter.Null), clock ?? TimeProvider.System, CancellationToken.None);

    private AppSettings Settings(
        (string, string)[]? provided = null, (string, string)[]? environment = null, IReadOnlyDictionary<string, string>? given = null) => new(
        (provided ?? []).ToDictionary(s => s.Item1, s => s.Item2, StringComparer.Ordinal),
        Folder,
        new Hashtable((environment ?? []).ToDictionary(s => s.Item1, s => s.Item2, StringComparer.Ordinal)),
        given ?? new Dictionary<string, string>(StringComparer.Ordinal));

    private static IReadOnlyDictionary<string, string> GivenBy(LocalOptions options)
    {
        using var folder = new TemporaryFolder();
        using var data = DataFolder.Claim(folder.Path);
        return ProvidedSettings.GivenBy(options, data, cosmos: null);
    }
}

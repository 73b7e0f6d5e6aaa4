using Hexabase.Adapters.Settings;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Configuration;

public sealed class SettingsReaderTests
{
    private static readonly SettingKind<string> Anything = SettingKinds.Text("anything");

    private static readonly Options Defaults = new(3, 1.5, TimeSpan.FromSeconds(30), new Inner(7));

    /// <summary>One of each kind that options have.</summary>
    private sealed record Options(int Attempts, double Backoff, TimeSpan Timeout, Inner Inner);

    private sealed record Inner(int Threads);

    [Fact]
    public void Options_are_their_defaults_where_nothing_is_set() => Assert.Equal(Defaults, Given.Read(BindArea));

    [Fact]
    public void Options_are_read_by_the_names_of_their_parameters() => Assert.Equal(
        new Options(5, 2, new TimeSpan(1, 2, 3, 4), new Inner(1)),
        Given.Read(
            BindArea,
            ("Area__Attempts", "5"), ("area__backoff", "2"), ("Area__Timeout", "1.02:03:04"), ("Area__Inner__Threads", "1")));

    [Theory]
    [InlineData("Area__Timeout", "30")] // .NET alone would read 30 days.
    [InlineData("Area__Timeout", "00:30")]
    [InlineData("Area__Timeout", "00:00:00")]
    [InlineData("Area__Timeout", "-00:00:01")]
    [InlineData("Area__Timeout", "366.00:00:00")]
    [InlineData("Area__Timeout", "half a minute")]
    [InlineData("Area__Attempts", "0")]
    [InlineData("Area__Attempts", "-1")]
    [InlineData("Area__Attempts", "1000001")]
    [InlineData("Area__Attempts", "1.0")]
    [InlineData("Area__Attempts", "99999999999")]
    [InlineData("Area__Backoff", "0.5")]
    [InlineData("Area__Backoff", "NaN")]
    [InlineData("Area__Backoff", "1,5")]
    [InlineData("Area__Inner__Threads", "many")]
    public void An_option_out_of_its_range_is_malformed(string name, string value) =>
        Assert.StartsWith($"{name} is malformed: expected a", Assert.Single(Given.Problems(BindArea, (name, value))), StringComparison.Ordinal);

    [Fact]
    public void Every_problem_is_told_at_once() => Assert.Equal(
        ["Needed is missing: expected anything.", "Switch is malformed: expected true or false."],
        Given.Problems(
            settings => (settings.Required("Needed", Anything), settings.Optional("Switch", SettingKinds.Switch)), ("Switch", "on")));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    public void A_blank_setting_is_none(string? value)
    {
        Assert.Single(Given.Problems(settings => settings.Required("Needed", Anything), ("Needed", value)));
        Assert.Equal("otherwise", Given.Read(settings => settings.Optional("Wanted", Anything, "otherwise"), ("Wanted", value)));
    }

    [Fact]
    public void A_setting_may_be_needed_because_of_others()
    {
        Assert.Null(Given.Read(settings => settings.RequiredIf(settings.Has("Id"), "Secret", Anything)));
        Assert.Equal(
            ["Secret is missing: expected anything."],
            Given.Problems(settings => settings.RequiredIf(settings.Has("Id"), "Secret", Anything), ("Id", "1")));
    }

    [Theory]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)")]
    [InlineData("@microsoft.keyvault(VaultName=v;SecretName=s)")]
    public void A_reference_that_Azure_has_not_resolved_is_no_value(string value)
    {
        const string Problem = "is a Key Vault reference that was not resolved: the secret must exist, and the app's identity must be allowed to read it.";
        Assert.Equal([$"Key {Problem}"], Given.Problems(settings => settings.Required("Key", SettingKinds.Secret("a key")), ("Key", value)));
        Assert.Equal([$"Key__0 {Problem}"], Given.Problems(settings => settings.List("Key", Anything), ("Key__0", value)));
    }

    [Fact]
    public void A_list_has_numbered_entries_or_commas()
    {
        Assert.Equal(["a", "b"], Given.Read(settings => settings.List("Names", Anything), ("Names__0", "a"), ("Names__1", "b")));
        Assert.Equal(["a", "b"], Given.Read(settings => settings.List("Names", Anything), ("Names", "a, b,")));
        Assert.Empty(Given.Read(settings => settings.List("Names", Anything)));
    }

    [Fact]
    public void An_entry_of_a_list_that_cannot_be_used_is_named_by_its_number() => Assert.Equal(
        ["Sites__1 is malformed: expected a site."],
        Given.Problems(
            settings => settings.List("Sites", SettingKinds.Address("a site")), ("Sites__0", "https://a.example"), ("Sites__1", "b.example")));

    [Fact]
    public void Entries_may_have_names_of_their_own() => Assert.Equal(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ssd"] = "gp3" },
        Given.Read(settings => settings.Section("Area").Named("Classes", Anything), ("Area__Classes__ssd", "gp3")));

    [Fact]
    public void A_name_in_a_section_that_nobody_reads_is_a_problem() => Assert.Equal(
        ["Area__Inner__Thread is not a setting; see docs/settings.md.", "Area__Slots is not a setting; see docs/settings.md."],
        Given.Problems(BindArea, ("Area__Inner__Thread", "1"), ("Area__Slots", "1"), ("Elsewhere__Thread", "1")));

    [Fact]
    public void Where_others_have_settings_too_their_names_are_no_problem() => Assert.Equal(
        "x", Given.Read(settings => settings.Section("Shared", isShared: true).Optional("Ours", Anything), ("Shared__Ours", "x"), ("Shared__Theirs", "y")));

    [Fact]
    public void What_is_read_is_known_whether_it_is_set_or_not()
    {
        var settings = new SettingsReader(Given.Settings());
        var section = settings.Section("Area");
        section.Optional("Wanted", Anything);
        section.Required("Key", SettingKinds.Secret("a key"));
        section.List("Names", Anything);
        Assert.Equal(
            [
                new Setting("Area__Wanted", IsRequired: false, IsSecret: false),
                new Setting("Area__Key", IsRequired: true, IsSecret: true),
                new Setting("Area__Names__*", IsRequired: false, IsSecret: false),
            ],
            settings.Known);
    }

    [Theory]
    [InlineData("https://api.example.com/v1", true)]
    [InlineData("http://localhost:7071/x", true)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://api.example.com", false)]
    [InlineData("https://api.example.com/?key=1", false)]
    [InlineData("ftp://localhost", false)]
    [InlineData("api.example.com", false)]
    public void Secrets_go_over_https_or_stay_on_this_machine(string address, bool isSafe)
    {
        var kind = SettingKinds.SafeAddress("an address");
        if (isSafe)
            Assert.Equal(new Uri(address), kind.Parse(address));
        else
            Assert.Throws<FormatException>(() => kind.Parse(address));
    }

    private static Options BindArea(SettingsReader settings) => settings.Section("Area").Bind(Defaults);
}

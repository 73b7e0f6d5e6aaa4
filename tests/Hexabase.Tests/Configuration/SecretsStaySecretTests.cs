using FsCheck;
using FsCheck.Fluent;
using Hexabase.Adapters.Settings;
using Hexabase.Tests.Worker;

namespace Hexabase.Tests.Configuration;

/// <summary>
/// Whatever stands in a setting, in whatever form, is not in what a start says that fails: also not a secret in the wrong place.
/// </summary>
public sealed class SecretsStaySecretTests
{
    /// <summary>Forms that parsers look into, of which one or the other repeats what it found in its complaint.</summary>
    private static readonly string[] Forms =
    [
        "{0}",
        "{0}\n",
        "-----BEGIN {0}-----\n{0}\n-----END {0}-----",
        "-----BEGIN PRIVATE KEY-----\n{0}\n-----END PRIVATE KEY-----",
        "Endpoint=sb://{0}/;SharedAccessKeyName={0};SharedAccessKey={0};SharedAccessKey={0}",
        "DefaultEndpointsProtocol=https;AccountName={0};AccountKey={0};{0}={0}",
        "BlobEndpoint={0};SharedAccessSignature={0}",
        "https://{0}:{0}@{0}/{0}?{0}#{0}",
        "http://{0}",
        "sk_{0} {0}",
        "00:00:{0}",
    ];

    private static readonly Gen<(string Name, string Value, string Secret)> Misuse =
        from setting in Gen.Elements(ProductSettings.Known.ToArray())
        from form in Gen.Elements(Forms)
        from letters in Gen.ArrayOf(Gen.Elements("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_-".ToCharArray()), 24)
        let secret = new string(letters)
        select (setting.Name.Replace("*", "0", StringComparison.Ordinal), form.Replace("{0}", secret, StringComparison.Ordinal), secret);

    [Fact]
    public void No_complaint_repeats_what_it_complains_of() => Prop.ForAll(Misuse.ToArbitrary(), misuse =>
    {
        var settings = FunctionAppOutput.LeastSettings.Select(s => (s.Key, (string?)s.Value))
            .Append(("Runs__Timeout", "so that no start succeeds"))
            .Append((misuse.Name, misuse.Value));
        var failed = Assert.Throws<InvalidSettingsException>(() => ProductSettings.Read(settings.GroupBy(s => s.Item1).Select(g => g.Last())));
        Assert.DoesNotContain(misuse.Secret, failed.ToString(), StringComparison.OrdinalIgnoreCase);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
}

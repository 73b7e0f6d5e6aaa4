using System.Collections;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hexabase.Local.Settings;

/// <summary>
/// The app settings: what the platform provides, overridden by <c>Values</c> of the app's <c>local.settings.json</c>, overridden by
/// the environment the platform was started in, overridden by the options of its command line. The app gets them as environment variables.
/// </summary>
public sealed partial class AppSettings
{
    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="provided">By the platform: names and values.</param>
    /// <param name="appFolder">May hold a local.settings.json.</param>
    /// <param name="environment">Of the platform.</param>
    /// <param name="given">By the command line.</param>
    /// <exception cref="CannotStartException">local.settings.json cannot be read.</exception>
    public AppSettings(IReadOnlyDictionary<string, string> provided, string appFolder, IDictionary environment, IReadOnlyDictionary<string, string> given)
    {
        foreach (var (name, value) in provided)
            values[name] = value;
        foreach (var (name, value) in LocalSettings(Path.Combine(appFolder, "local.settings.json")))
            if (!MeansOurStorage(value))
                values[name] = value;
        foreach (DictionaryEntry variable in environment)
            values[(string)variable.Key] = (string?)variable.Value ?? "";
        foreach (var (name, value) in given)
            values[name] = value;
    }

    /// <summary>Every setting, the environment the platform was started in included.</summary>
    public IReadOnlyDictionary<string, string> All => values;

    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>True for <c>true</c> and <c>1</c> in any case, as the Functions host reads switches.</summary>
    public bool IsOn(string name) => this[name] is { } value && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <summary><paramref name="text"/> with every <c>%NAME%</c> replaced by that setting; null in <paramref name="missing"/> when all were set.</summary>
    public string Expand(string text, out string? missing)
    {
        string? unset = null;
        var expanded = Reference().Replace(text, match =>
        {
            if (this[match.Groups["name"].Value] is { } value)
                return value;
            unset ??= match.Groups["name"].Value;
            return "";
        });
        missing = unset;
        return expanded;
    }

    /// <summary>A local.settings.json written for Core Tools points at an Azurite on its default port; here ours is meant.</summary>
    private static bool MeansOurStorage(string value) => value.Equals("UseDevelopmentStorage=true", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<(string Name, string Value)> LocalSettings(string file)
    {
        if (!File.Exists(file))
            return [];
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file), LenientJson.Options);
            return document.RootElement.TryGetProperty("Values", out var values)
                ? [.. values.EnumerateObject().Select(v => (v.Name, v.Value.ToString()))]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CannotStartException($"{file} is not a settings file: {e.Message}", e);
        }
    }

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Reference();
}

using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;

namespace Hexabase.Adapters.Settings;

/// <summary>
/// Reads settings. What is wrong with them is kept until all have been read, so that one start shows every problem; until then
/// a setting that cannot be used reads as if it were not there. A blank setting is none.
/// </summary>
/// <remarks>
/// Every area reads all its settings at every start, also those that the others make needless, because what is read is what is known:
/// <see cref="Known"/> for the documentation, and to find names that mean nothing.
/// </remarks>
public sealed class SettingsReader
{
    private const string KeyVaultReference = "@Microsoft.KeyVault(";

    private readonly IConfiguration configuration;
    private readonly string path;
    private readonly Findings findings;

    public SettingsReader(IConfiguration configuration)
        : this(configuration, path: "", new Findings())
    {
    }

    private SettingsReader(IConfiguration configuration, string path, Findings findings) =>
        (this.configuration, this.path, this.findings) = (configuration, path, findings);

    /// <summary>All that has been read so far, in any section.</summary>
    public IReadOnlyList<Setting> Known => findings.Known;

    /// <summary>Whether anything is set in this section.</summary>
    public bool HasAny => configuration.GetSection(path.TrimEnd(':')).AsEnumerable(makePathsRelative: true)
        .Any(entry => entry.Key.Length > 0 && !string.IsNullOrWhiteSpace(entry.Value));

    /// <summary>Reads all that <paramref name="read"/> asks for.</summary>
    /// <exception cref="InvalidSettingsException">With every problem that was found.</exception>
    public static T Read<T>(IConfiguration configuration, Func<SettingsReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var reader = new SettingsReader(configuration);
        var settings = read(reader);
        List<string> problems = [.. reader.findings.Problems, .. reader.Unknown().Select(name => $"{name} is not a setting; see docs/settings.md.")];
        return problems.Count == 0 ? settings : throw new InvalidSettingsException(problems);
    }

    /// <summary>A section, in which names that nobody reads are problems.</summary>
    /// <param name="isShared">Others read names of their own in it, as the Functions host does.</param>
    public SettingsReader Section(string name, bool isShared = false)
    {
        if (path.Length == 0 && !isShared)
            findings.Sections.Add(name);
        return new SettingsReader(configuration, $"{path}{name}:", findings);
    }

    public bool Has(string name) => !string.IsNullOrWhiteSpace(configuration[path + name]);

    /// <summary>A setting that must be there.</summary>
    public T Required<T>(string name, SettingKind<T> kind)
    {
        Know(new Setting(NameOf(name), IsRequired: true, kind.IsSecret));
        return Take(name, kind, isMissed: true, default)!;
    }

    /// <summary>A setting that must be there because of what others say.</summary>
    public T? RequiredIf<T>(bool isRequired, string name, SettingKind<T> kind)
    {
        Know(new Setting(NameOf(name), IsRequired: false, kind.IsSecret));
        return Take(name, kind, isRequired, default);
    }

    [return: NotNullIfNotNull(nameof(otherwise))]
    public T? Optional<T>(string name, SettingKind<T> kind, T? otherwise = default)
    {
        Know(new Setting(NameOf(name), IsRequired: false, kind.IsSecret));
        return Take(name, kind, isMissed: false, otherwise);
    }

    /// <summary>Indexed entries (<c>Operators__0</c>), or one value with commas.</summary>
    public IReadOnlyList<T> List<T>(string name, SettingKind<T> kind) where T : class
    {
        Know(new Setting(Setting.ListName(NameOf(name)), IsRequired: false, kind.IsSecret));
        var joined = (configuration[path + name] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. joined.Select(text => Parse(name, text, kind, otherwise: null)).OfType<T>(),
            .. Entries(name).Select(entry => Take(entry, kind, isMissed: false, otherwise: null)).OfType<T>(),
        ];
    }

    /// <summary>Entries with names of their own (<c>Cluster__StorageClasses__ssd</c>).</summary>
    public IReadOnlyDictionary<string, T> Named<T>(string name, SettingKind<T> kind) where T : class
    {
        Know(new Setting(Setting.ListName(NameOf(name)), IsRequired: false, kind.IsSecret));
        return Entries(name)
            .Select(entry => (Name: entry[(name.Length + 1)..], Value: Take(entry, kind, isMissed: false, otherwise: null)))
            .Where(entry => entry.Value is not null)
            .ToDictionary(entry => entry.Name, entry => entry.Value!, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The options that a record holds: for each parameter of its constructor the setting of that name, or else what
    /// <paramref name="defaults"/> say. Durations, whole numbers, factors, and records of such in sections of their own.
    /// </summary>
    public T Bind<T>(T defaults) where T : notnull => (T)BindRecord(defaults);

    /// <summary>What is read from several settings at once, with the problems that it finds.</summary>
    public T? Try<T>(Func<T?> read) where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            return read();
        }
        catch (InvalidSettingsException e)
        {
            findings.Problems.AddRange(e.Problems);
            return null;
        }
    }

    /// <summary>Keeps a problem with a setting of this section; its name stands before <paramref name="problem"/>.</summary>
    public void Report(string name, string problem) => findings.Problems.Add($"{NameOf(name)} {problem}");

    private T? Take<T>(string name, SettingKind<T> kind, bool isMissed, T? otherwise)
    {
        if (Has(name))
            return Parse(name, configuration[path + name]!, kind, otherwise);
        if (isMissed)
            Report(name, $"is missing: expected {kind.Expected}.");
        return otherwise;
    }

    private T? Parse<T>(string name, string text, SettingKind<T> kind, T? otherwise)
    {
        if (text.StartsWith(KeyVaultReference, StringComparison.OrdinalIgnoreCase))
        {
            Report(name, "is a Key Vault reference that was not resolved: the secret must exist, and the app's identity must be allowed to read it.");
            return otherwise;
        }
        try
        {
            return kind.Parse(text);
        }
        catch (FormatException)
        {
            Report(name, $"is malformed: expected {kind.Expected}.");
            return otherwise;
        }
    }

    private object BindRecord(object defaults)
    {
        var record = defaults.GetType();
        var constructor = record.GetConstructors().Single();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => BindOption(p.Name!, record.GetProperty(p.Name!)!.GetValue(defaults)!))]);
    }

    private object BindOption(string name, object otherwise) => otherwise switch
    {
        TimeSpan duration => Optional(name, SettingKinds.Duration, duration),
        int number => Optional(name, SettingKinds.Number, number),
        double factor => Optional(name, SettingKinds.Factor, factor),
        _ => Section(name).BindRecord(otherwise),
    };

    private IEnumerable<string> Entries(string name) =>
        configuration.GetSection(path + name).GetChildren().Select(entry => $"{name}:{entry.Key}");

    private IEnumerable<string> Unknown() => findings.Sections
        .SelectMany(section => configuration.GetSection(section).AsEnumerable().Where(entry => entry.Key.Length > section.Length))
        .Where(entry => !string.IsNullOrWhiteSpace(entry.Value))
        .Select(entry => Name(entry.Key))
        .Where(name => !findings.Known.Exists(setting => setting.Covers(name)))
        .Order(StringComparer.Ordinal);

    private void Know(Setting setting) => findings.Known.Add(setting);

    private string NameOf(string name) => Name(path + name);

    private static string Name(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    private sealed class Findings
    {
        public List<string> Problems { get; } = [];

        public List<Setting> Known { get; } = [];

        public HashSet<string> Sections { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}

using Hexabase.Adapters.Settings;
using Microsoft.Extensions.Configuration;

namespace Hexabase.Tests.Support;

/// <summary>Settings as a configuration.</summary>
internal static class Given
{
    public static IConfiguration Settings(params IEnumerable<(string Name, string? Value)> settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name.Replace("__", ":", StringComparison.Ordinal), s.Value)))
        .Build();

    /// <summary>What an area reads, when nothing else is set.</summary>
    /// <exception cref="InvalidSettingsException">A setting is missing or cannot be used.</exception>
    public static T Read<T>(Func<SettingsReader, T> read, params IEnumerable<(string Name, string? Value)> settings) =>
        SettingsReader.Read(Settings(settings), read);

    /// <summary>The lines of a start that fails.</summary>
    public static IReadOnlyList<string> Problems<T>(Func<SettingsReader, T> read, params IEnumerable<(string Name, string? Value)> settings) =>
        Assert.Throws<InvalidSettingsException>(() => Read(read, settings)).Problems;
}

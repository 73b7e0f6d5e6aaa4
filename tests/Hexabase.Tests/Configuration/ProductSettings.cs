using Hexabase.Adapters.Settings;
using Hexabase.Functions.Platform;
using Hexabase.Tests.Support;
using Microsoft.Extensions.Hosting;
using Moq;

namespace Hexabase.Tests.Configuration;

/// <summary>The settings of the whole app.</summary>
internal static class ProductSettings
{
    private static readonly IHostEnvironment Production = Mock.Of<IHostEnvironment>(h => h.EnvironmentName == "Production");

    /// <summary>Every setting that the app reads.</summary>
    public static IReadOnlyList<Setting> Known { get; } = ReadNothing();

    /// <exception cref="InvalidSettingsException">A setting is missing or cannot be used.</exception>
    public static AppSettings Read(IEnumerable<(string Name, string? Value)> settings) =>
        AppSettings.Read(Given.Settings(settings), Production);

    private static IReadOnlyList<Setting> ReadNothing()
    {
        var reader = new SettingsReader(Given.Settings());
        AppSettings.Read(reader, Production);
        return reader.Known;
    }
}

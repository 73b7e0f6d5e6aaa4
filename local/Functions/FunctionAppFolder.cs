using Hexabase.Local.Settings;

namespace Hexabase.Local.Functions;

/// <summary>A function app as it lies on disk.</summary>
public sealed record FunctionAppFolder(string Location, HostJson Host, IReadOnlyList<FunctionDefinition> Functions)
{
    /// <exception cref="CannotStartException">It is not a function app that this platform can run; the message says why.</exception>
    public static FunctionAppFolder Read(string location, AppSettings settings) =>
        new(location, HostJson.Read(location, settings), FunctionJson.ReadAll(location, settings));
}

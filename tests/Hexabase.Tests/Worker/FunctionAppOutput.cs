namespace Hexabase.Tests.Worker;

/// <summary>The build output of the function app, in the configuration that the tests were built in.</summary>
internal static class FunctionAppOutput
{
    public static string Directory { get; } = Find();

    public static string Executable => Path.Combine(Directory, OperatingSystem.IsWindows() ? "Hexabase.Functions.exe" : "Hexabase.Functions");

    private static string Find()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration) = (here.Name, here.Parent!.Name);
        for (var folder = here; folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Hexabase.Functions.sln")))
                return Path.Combine(folder.FullName, "functions", "bin", configuration, framework);
        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
    }
}

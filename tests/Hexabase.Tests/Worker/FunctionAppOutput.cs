namespace Hexabase.Tests.Worker;

/// <summary>The build output of the function app, in the configuration that the tests were built in.</summary>
internal static class FunctionAppOutput
{
    public static string Directory { get; } = Find();

    public static string Executable => Path.Combine(Directory, OperatingSystem.IsWindows() ? "Hexabase.Functions.exe" : "Hexabase.Functions");

    /// <summary>What the app does not start without; nothing of it answers.</summary>
    public static IReadOnlyDictionary<string, string> LeastSettings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Documents__Sqlite"] = Path.Combine(Path.GetTempPath(), $"hexabase-{Guid.NewGuid():N}.db"),
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["ServiceBus"] = "Endpoint=http://127.0.0.1:1/;SharedAccessKeyName=n;SharedAccessKey=a2V5",
        ["DurableTask__BaseUrl"] = "http://localhost:1/runtime/webhooks/durabletask",
        ["Auth__PublicBaseUrl"] = "http://localhost:7071",
        ["Auth__SigningKeys"] = Accounts.Pem.NewKey(),
        ["Payments__SecretKey"] = "sk_test_unused",
    };

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

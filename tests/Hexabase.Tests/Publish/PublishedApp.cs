using System.Diagnostics;
using System.Text.Json;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Publish;

/// <summary>The function app, published as it was built for these tests.</summary>
public sealed class PublishedApp : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder folder = new();

    public string Folder => folder.Path;

    /// <summary>The <c>function.json</c> of every function, by its folder.</summary>
    public IReadOnlyDictionary<string, JsonElement> Functions { get; private set; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    public JsonElement Host { get; private set; }

    public async Task InitializeAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo(
            "dotnet", ["publish", "functions", "--no-build", "-c", configuration, "-o", folder.Path, "--nologo", "-nodeReuse:false"])
        {
            UseShellExecute = false,
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        using var publish = Process.Start(start)!;
        var output = await publish.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, output);
        Host = Read(folder.File("host.json"));
        Functions = Directory.GetFiles(folder.Path, "function.json", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder.Path, Path.GetDirectoryName(file)!), Read, StringComparer.Ordinal);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    private static JsonElement Read(string file) => JsonElement.Parse(File.ReadAllText(file));
}

using System.Text.Json;
using Hexabase.Functions.Health;
using Hexabase.Orchestrations;
using Hexabase.Worker.Discovery;
using Hexabase.Worker.Generation;

namespace Hexabase.Tests.Worker;

public sealed class FunctionGeneratorTests : IDisposable
{
    private readonly string output = Directory.CreateTempSubdirectory("functions").FullName;

    [Fact]
    public void An_HTTP_function_has_one_trigger_and_one_output()
    {
        Generate(typeof(LiveTrigger));

        Assert.Equal(
            """
            {
              "generatedBy": "Hexabase.Worker",
              "bindings": [
                {
                  "type": "httpTrigger",
                  "direction": "in",
                  "name": "request",
                  "authLevel": "anonymous",
                  "methods": [
                    "get"
                  ],
                  "route": "health/live"
                },
                {
                  "type": "http",
                  "direction": "out",
                  "name": "res"
                }
              ]
            }

            """,
            File.ReadAllText(PathOf("Live")),
            ignoreLineEndingDifferences: false);
    }

    [Theory]
    [InlineData(
        typeof(OnTimer),
        """{"type":"timerTrigger","direction":"in","name":"timer","schedule":"0 */5 * * * *","runOnStartup":true,"useMonitor":true}""")]
    [InlineData(
        typeof(OnMessage),
        """{"type":"serviceBusTrigger","direction":"in","name":"msg","queueName":"jobs","connection":"ServiceBus","isSessionsEnabled":true,"cardinality":"one","dataType":"string"}""")]
    [InlineData(
        typeof(OnBatch),
        """{"type":"serviceBusTrigger","direction":"in","name":"msg","queueName":"jobs","connection":"ServiceBus","isSessionsEnabled":false,"cardinality":"many","dataType":"string"}""")]
    [InlineData(
        typeof(OnBytes),
        """{"type":"serviceBusTrigger","direction":"in","name":"msg","queueName":"blobs","connection":"ServiceBus","isSessionsEnabled":false,"cardinality":"one","dataType":"binary"}""")]
    public void Every_trigger_says_what_its_attribute_says(Type function, string binding)
    {
        Generate(function);

        using var json = JsonDocument.Parse(File.ReadAllText(PathOf(function.Name)));
        Assert.Equal(binding, JsonSerializer.Serialize(json.RootElement.GetProperty("bindings")[0], Relaxed));
    }

    [Fact]
    public void Generating_again_touches_nothing_that_is_the_same()
    {
        Generate(typeof(OnTimer));
        File.SetLastWriteTimeUtc(PathOf("OnTimer"), DateTime.UnixEpoch);
        Generate(typeof(OnTimer));

        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(PathOf("OnTimer")));
    }

    [Fact]
    public void Functions_that_are_no_more_are_removed_and_what_others_wrote_stays()
    {
        Generate(typeof(OnTimer), typeof(OnMessage));
        foreach (var (folder, json) in new[] { ("ByHand", """{"bindings":[]}"""), ("Broken", "{"), ("List", "[]") })
        {
            Directory.CreateDirectory(Path.Combine(output, folder));
            File.WriteAllText(PathOf(folder), json);
        }
        Directory.CreateDirectory(Path.Combine(output, "runtimes"));
        Generate(typeof(OnTimer));

        Assert.Equal(
            ["Broken", "ByHand", "List", "OnTimer", "runtimes"],
            new DirectoryInfo(output).GetDirectories().Select(d => d.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_build_output_of_the_app_holds_every_function_and_host_json()
    {
        var built = new DirectoryInfo(FunctionAppOutput.Directory).GetDirectories()
            .Where(d => File.Exists(Path.Combine(d.FullName, "function.json"))).Select(d => d.Name).Order(StringComparer.Ordinal);

        var declared = FunctionCatalog.Of(typeof(LiveTrigger).Assembly, typeof(OrchestrationsAssembly).Assembly);
        Assert.Equal(declared.Functions.Select(f => f.Name), built);
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(FunctionAppOutput.Directory, "host.json")));
        Assert.Equal("2.0", host.RootElement.GetProperty("version").GetString());
        Assert.Equal("", host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
        var executable = host.RootElement.GetProperty("customHandler").GetProperty("description").GetProperty("defaultExecutablePath").GetString();
        Assert.True(OperatingSystem.IsWindows() || File.Exists(Path.Combine(FunctionAppOutput.Directory, executable!)));
    }

    [Fact]
    public void Only_the_option_of_the_build_generates()
    {
        Assert.False(FunctionGenerator.TryRun([], [typeof(LiveTrigger).Assembly], out _));
        Assert.False(FunctionGenerator.TryRun(["--urls", "x"], [typeof(LiveTrigger).Assembly], out _));
        Assert.True(FunctionGenerator.TryRun(["--generate-functions", output], [typeof(LiveTrigger).Assembly], out var exitCode));
        Assert.Equal(0, exitCode);
        Assert.True(File.Exists(PathOf("Live")));
    }

    public void Dispose() => Directory.Delete(output, recursive: true);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string PathOf(string function) => Path.Combine(output, function, "function.json");

    private void Generate(params Type[] functions) => FunctionGenerator.Generate(FunctionCatalog.Of(functions), output);
}

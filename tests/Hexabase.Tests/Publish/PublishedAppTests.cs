using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hexabase.Functions.Health;
using Hexabase.Orchestrations;
using Hexabase.Tests.Accounts;
using Hexabase.Tests.Configuration;
using Hexabase.Tests.Support;
using Hexabase.Worker.Discovery;
using Hexabase.Worker.Durable;

namespace Hexabase.Tests.Publish;

/// <summary>What is published is what the Azure host and Core Tools demand.</summary>
public sealed partial class PublishedAppTests(PublishedApp app) : IClassFixture<PublishedApp>
{
    private static readonly FunctionCatalog Catalog = FunctionCatalog.Of(typeof(LiveTrigger).Assembly, typeof(OrchestrationsAssembly).Assembly);

    [Fact]
    public void The_host_file_is_of_version_2_and_names_the_bundle_that_the_triggers_need()
    {
        Assert.Equal("2.0", app.Host.GetProperty("version").GetString());
        var bundle = app.Host.GetProperty("extensionBundle");
        Assert.Equal("Microsoft.Azure.Functions.ExtensionBundle", bundle.GetProperty("id").GetString());
        Assert.Equal("[4.*, 5.0.0)", bundle.GetProperty("version").GetString());
    }

    [Fact]
    public void Requests_reach_the_app_at_the_paths_that_clients_call()
    {
        Assert.Equal("", app.Host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());
        var handler = app.Host.GetProperty("customHandler");
        Assert.True(handler.GetProperty("enableForwardingHttpRequest").GetBoolean());
        Assert.True(handler.GetProperty("enableProxyingHttpRequest").GetBoolean());
    }

    [Fact]
    public void The_executable_that_the_host_starts_is_there_and_may_be_executed()
    {
        Assert.True(File.Exists(Executable));
        if (!OperatingSystem.IsWindows())
            Assert.True(File.GetUnixFileMode(Executable).HasFlag(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
    }

    [Fact]
    public void Every_function_has_its_folder_and_every_folder_its_function() =>
        Assert.Equal(Catalog.Functions.Select(f => f.Name), app.Functions.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_function_file_is_one_that_the_host_takes() =>
        Assert.Empty(app.Functions.SelectMany(f => FunctionRules.Problems(f.Key, f.Value).Select(problem => $"{f.Key}: {problem}")));

    [Fact]
    public void No_two_functions_are_in_each_other_s_way() => Assert.Empty(FunctionRules.Collisions(app.Functions));

    [Fact]
    public void Orchestrations_and_activities_have_the_names_that_sagas_call_them_by()
    {
        Assert.Equal(Names<OrchestrationTriggerAttribute>(), OfType("orchestrationTrigger"));
        Assert.Equal(Names<ActivityTriggerAttribute>(), OfType("activityTrigger"));

        static IEnumerable<string> Names<T>() => Catalog.Functions.Where(f => f.Trigger is T).Select(f => f.Name);
    }

    [Fact]
    public void Every_connection_is_in_the_example_of_local_settings() =>
        Assert.Empty(Values("connection").Except(ExampleTests.Entries.Keys, StringComparer.Ordinal));

    [Fact]
    public void Runs_and_sweeps_come_from_the_one_session_queue() => Assert.Equal(["runs"], Values("queueName"));

    [Fact]
    public void Nothing_is_published_that_the_host_has_no_use_for() => Assert.All(
        Directory.GetFiles(app.Folder, "*", SearchOption.AllDirectories),
        file => Assert.Matches(Expected(), Path.GetRelativePath(app.Folder, file).Replace('\\', '/')));

    [Fact]
    public async Task It_starts_as_Core_Tools_start_it_with_the_example_s_settings()
    {
        using var documents = new TemporaryFolder();
        var port = FreePort();
        var start = new ProcessStartInfo(Executable)
        {
            UseShellExecute = false,
            WorkingDirectory = app.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in ExampleTests.Entries)
            start.Environment[name] = value;
        start.Environment["Auth__SigningKeys"] = Pem.NewKey();
        start.Environment["WEBSITE_HOSTNAME"] = "localhost:7071";
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = Guid.NewGuid().ToString();
        start.Environment["FUNCTIONS_APP_ROOT_PATH"] = app.Folder;
        start.Environment["Documents__Sqlite"] = documents.File("documents.db");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Eventually.Holds(async () => await StatusOf(http, "/") == HttpStatusCode.OK, "the app answers the host");
            Assert.Equal(HttpStatusCode.OK, await StatusOf(http, "/health/live"));
        }
        finally
        {
            process.Kill();
            await Task.WhenAll(error, output);
        }
    }

    private string Executable => Path.Combine(
        app.Folder,
        app.Host.GetProperty("customHandler").GetProperty("description").GetProperty("defaultExecutablePath").GetString()!
            + (OperatingSystem.IsWindows() ? ".exe" : ""));

    private IEnumerable<JsonElement> Bindings => app.Functions.Values.SelectMany(f => f.GetProperty("bindings").EnumerateArray());

    private IEnumerable<string> OfType(string trigger) => app.Functions
        .Where(f => f.Value.GetProperty("bindings")[0].GetProperty("type").ValueEquals(trigger)).Select(f => f.Key).Order(StringComparer.Ordinal);

    private IEnumerable<string> Values(string key) =>
        Bindings.Where(b => b.TryGetProperty(key, out _)).Select(b => b.GetProperty(key).GetString()!).Distinct(StringComparer.Ordinal);

    private static async Task<HttpStatusCode?> StatusOf(HttpClient http, string path)
    {
        try
        {
            using var reply = await http.GetAsync(new Uri(path, UriKind.Relative));
            return reply.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Assemblies and the symbols of our own, the executable, what they read, functions, and native libraries.</summary>
    [GeneratedRegex(
        @"\A(?!.*Tests)([^/]+\.dll|Hexabase\.[A-Za-z]+\.pdb|System\.IO\.Hashing\.pdb|Hexabase\.Functions(\.exe)?|Hexabase\.Functions\.(deps|runtimeconfig)\.json|host\.json|plans\.json"
        + @"|[A-Za-z]+/function\.json|runtimes/.+\.(dll|so|dylib|a))\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Expected();
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Hexabase.Tests.Worker;

/// <summary>The app as a real process. What is tested is what a host, or a person, sees from outside.</summary>
public sealed class ProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [UnixFact]
    public async Task The_app_ends_itself_when_its_parent_is_killed()
    {
        var port = FreePort();
        // A shell in between is the host; the app's id is its first line. Its output is not ours, or it would keep our pipe open.
        using var parent = Start("/bin/sh", ["-c", "\"$0\" > /dev/null 2>&1 & echo $!; wait", FunctionAppOutput.Executable], port);
        var app = int.Parse((await parent.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Until(() => Answers(http));

            parent.Kill();
            await Until(async () => !await Answers(http));
        }
        finally
        {
            KillIfAlive(app);
        }
    }

    [Fact]
    public async Task Started_without_a_host_the_app_says_so_on_one_line_and_exits_with_1()
    {
        using var app = Start(FunctionAppOutput.Executable, [], port: null);
        var error = await app.StandardError.ReadToEndAsync();
        var output = await app.StandardOutput.ReadToEndAsync();
        await app.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(1, app.ExitCode);
        Assert.StartsWith("FUNCTIONS_CUSTOMHANDLER_PORT is not set", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Empty(output);
    }

    [UnixFact]
    public async Task Log_lines_are_one_JSON_object_each_and_warnings_go_to_standard_error()
    {
        var port = FreePort();
        using var parent = Start("/bin/sh", ["-c", "\"$0\" & echo $!; wait", FunctionAppOutput.Executable], port);
        var app = int.Parse((await parent.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Until(() => Answers(http));
            parent.Kill(); // Makes the app say why it ends.

            var lines = (await parent.StandardError.ReadToEndAsync().WaitAsync(Patience)).TrimEnd().Split('\n');
            Assert.Contains(lines, line => JsonDocument.Parse(line).RootElement.GetProperty("Message").GetString()!.Contains("is gone", StringComparison.Ordinal));
        }
        finally
        {
            KillIfAlive(app);
        }
    }

    private static Process Start(string executable, string[] arguments, int? port)
    {
        var start = new ProcessStartInfo(executable, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("FUNCTIONS_CUSTOMHANDLER_PORT");
        start.Environment.Remove("FUNCTIONS_HTTPWORKER_PORT");
        foreach (var (name, value) in FunctionAppOutput.LeastSettings)
            start.Environment[name] = value;
        if (port is { } given)
            start.Environment["FUNCTIONS_HTTPWORKER_PORT"] = given.ToString(CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }

    private static async Task<bool> Answers(HttpClient http)
    {
        try
        {
            using var reply = await http.GetAsync(new Uri("/", UriKind.Relative));
            return reply.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        var waited = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(waited.Elapsed < Patience, $"Did not come true within {Patience}.");
            await Task.Delay(50);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void KillIfAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return; // It ended by itself, as it should.
        }
    }

    private sealed class UnixFactAttribute : FactAttribute
    {
        public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Parents are watched on Unix only." : null!;
    }
}

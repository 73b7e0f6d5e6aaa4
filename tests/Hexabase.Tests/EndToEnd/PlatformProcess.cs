using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Hexabase.Tests.EndToEnd;

/// <summary>The real local platform as a child process, as <c>dotnet run --project local</c> starts it, on a free port and a folder of its own.</summary>
public sealed class PlatformProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(4);

    private readonly StringBuilder output = new();
    private readonly IReadOnlyDictionary<string, string> settings;
    private Process? process;

    private PlatformProcess(IReadOnlyDictionary<string, string> settings)
    {
        this.settings = settings;
        Port = FreePort();
        Data = Directory.CreateTempSubdirectory("hexabase-e2e-").FullName;
    }

    public int Port { get; }

    public string Data { get; }

    public Uri Address => new($"http://localhost:{Port}");

    /// <summary>What host and app have printed.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    public static async Task<PlatformProcess> Start(IReadOnlyDictionary<string, string>? settings = null)
    {
        var platform = new PlatformProcess(settings ?? new Dictionary<string, string>(StringComparer.Ordinal));
        await platform.StartAgain();
        return platform;
    }

    /// <summary>Starts the platform on the same folder and waits until app, stores and catalog are there.</summary>
    public async Task StartAgain()
    {
        var start = new ProcessStartInfo(Executable())
        {
            ArgumentList = { "--port", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--data", Data },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        process = Process.Start(start) ?? throw new InvalidOperationException("The platform did not start.");
        process.OutputDataReceived += (_, line) => Record(line.Data);
        process.ErrorDataReceived += (_, line) => Record(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        await Until(
            async () => !process.HasExited && await IsUp(http) ? true : throw new InvalidOperationException($"Not up yet.\n{Output}"), StartDeadline);
    }

    /// <summary>SIGKILL of the host alone.</summary>
    public async Task KillHost()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGKILL of the app alone; the host starts it again. False when it is not running at this moment.</summary>
    public bool KillApp()
    {
        foreach (var app in Children(process!.Id, "Hexabase.Functions"))
        {
            app.Kill();
            return true;
        }
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            _ = kill(process.Id, SigTerm);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        process?.Dispose();
        await Until(() => Task.FromResult(TryDelete()), TimeSpan.FromSeconds(15));
    }

    /// <summary>Repeats until the answer is true; the last failure is thrown when the deadline passes.</summary>
    public static async Task Until(Func<Task<bool>> condition, TimeSpan deadline)
    {
        var until = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await condition())
                    return;
                if (until.Elapsed > deadline)
                    throw new TimeoutException($"Not true within {deadline}.");
            }
            catch (Exception) when (until.Elapsed <= deadline)
            {
                // Tried again until the deadline.
            }
            await Task.Delay(50);
        }
    }

    private static async Task<bool> IsUp(HttpClient http)
    {
        using var ready = await http.GetAsync("/health/ready");
        if (ready.StatusCode != HttpStatusCode.OK)
            return false;
        var templates = await http.GetStringAsync("/api/strategies?limit=100");
        return templates.Split("\"sid\"").Length - 1 >= 12;
    }

    /// <summary>As it was built beside these tests, in the same configuration.</summary>
    private static string Executable()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var root = framework.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(root, "local", "bin", framework.Parent!.Name, framework.Name, "Hexabase.Local");
    }

    private static IEnumerable<Process> Children(int parent, string name) =>
        Process.GetProcessesByName(name).Where(p => ParentOf(p.Id) == parent);

    private static int ParentOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return -1; // It ended in the meantime.
        }
    }

    private bool TryDelete()
    {
        try
        {
            Directory.Delete(Data, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false; // A child is still writing its last lines.
        }
    }

    private void Record(string? line)
    {
        lock (output)
            output.AppendLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private const int SigTerm = 15;

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int pid, int signal);
}

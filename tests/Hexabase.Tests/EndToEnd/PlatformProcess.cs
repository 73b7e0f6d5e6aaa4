using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd;

/// <summary>The built local platform as a child process, in a current folder of its own, with its default data folder there.</summary>
public sealed class PlatformProcess : IAsyncDisposable
{
    private const string DataFolder = ".hexabase";
    private const string Up = "everything up at ";
    private const int Templates = 12;
    private const int SigTerm = 15;

    /// <summary>The first start may have to install the companions.</summary>
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(4);

    private readonly StringBuilder output = new();
    private readonly IReadOnlyList<string> options;
    private readonly bool seed;
    private readonly IReadOnlyList<(string Name, string Value)> settings;
    private Process? process;
    private TaskCompletionSource<Uri> up = new();
    private bool killed;
    private int unanswered;

    private PlatformProcess(IReadOnlyList<string> options, bool seed, IEnumerable<(string Name, string Value)> settings) =>
        (this.options, this.seed, this.settings) = (options, seed, [.. settings]);

    /// <summary>The folder that the platform is started in.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("hexabase-e2e-").FullName;

    /// <summary>The platform's own documents.</summary>
    public string Documents => InData("documents.db");

    /// <summary>The Cosmos DB account that it runs, and the account's key.</summary>
    public (Uri Endpoint, string Key) Cosmos =>
        (new Uri(Output.Split("Cosmos DB emulator at ")[1].Split(' ')[0]), File.ReadAllText(InData("cosmos-key")));

    public Uri Address { get; private set; } = new("http://localhost:0");

    /// <summary>How many requests were asked again by <see cref="Persist"/>.</summary>
    public int Unanswered => Volatile.Read(ref unanswered);

    /// <summary>What host and app have printed.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <param name="seed">False starts it with <c>--no-seed</c>.</param>
    /// <param name="settings">App settings, by the environment.</param>
    public static Task<PlatformProcess> Start(bool seed = true, params IEnumerable<(string Name, string Value)> settings) =>
        Start(new PlatformProcess(seed ? [] : ["--no-seed"], seed, settings));

    /// <summary>With documents in the Cosmos DB emulator.</summary>
    public static Task<PlatformProcess> StartOnCosmos(params IEnumerable<(string Name, string Value)> settings) =>
        Start(new PlatformProcess(["--store", "cosmos", "--data", DataFolder], seed: true, settings));

    /// <summary>Starts the platform in the same folder, on the port it had. It takes requests before it is <see cref="WhenUp"/>.</summary>
    public void StartAgain()
    {
        var start = new ProcessStartInfo(Path.ChangeExtension(Repository.PlatformProgram, null))
        {
            ArgumentList = { "--port", Address.Port.ToString(CultureInfo.InvariantCulture) },
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var option in options)
            start.ArgumentList.Add(option);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        up = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process?.Dispose();
        process = Process.Start(start) ?? throw new InvalidOperationException("The platform did not start.");
        process.OutputDataReceived += (_, line) => Record(line.Data);
        process.ErrorDataReceived += (_, line) => Record(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        killed = false;
    }

    /// <summary>Waits until app, stores and catalog are there.</summary>
    public async Task WhenUp()
    {
        await Task.WhenAny(up.Task, process!.WaitForExitAsync()).WaitAsync(StartsWithin);
        ThrowIfEnded(cause: null);
        Address = await up.Task;
        if (seed)
        {
            using var visitor = new Visitor(this);
            await Eventually.Holds(
                () => Persist(async () => (await visitor.Get("/api/strategies?limit=100")).GetProperty("items").GetArrayLength()),
                templates => templates >= Templates);
        }
    }

    /// <summary>
    /// What a client does: asks again, until there is an answer, when the connection breaks, no answer comes in time or the status is 5xx.
    /// </summary>
    /// <exception cref="InvalidOperationException">The platform has ended by itself; the message is what it printed.</exception>
    public async Task<T> Persist<T>(Func<Task<T>> ask, TimeSpan? within = null)
    {
        var deadline = within ?? TimeSpan.FromMinutes(2);
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException { InnerException: TimeoutException } && waited.Elapsed < deadline)
            {
                ThrowIfEnded(e);
                Interlocked.Increment(ref unanswered);
            }
            await Task.Delay(50);
        }
    }

    /// <summary>SIGKILL of the app alone, as soon as there is one; the host starts it again.</summary>
    public async Task KillApp()
    {
        using var app = await RunningApp();
        app.Kill();
    }

    /// <summary>SIGTERM to the app alone: it ends in order, and the host does not start it again.</summary>
    public async Task StopApp()
    {
        using var app = await RunningApp();
        _ = kill(app.Id, SigTerm);
    }

    /// <summary>SIGKILL of the host alone; the app ends itself when it notices.</summary>
    public async Task KillHost()
    {
        killed = true;
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGKILL of both at once.</summary>
    public async Task KillBoth()
    {
        using var app = await RunningApp();
        var host = KillHost();
        app.Kill();
        await host;
    }

    /// <summary>Stops the platform as a person does; its folder stays.</summary>
    public async Task Stop()
    {
        killed = true;
        if (process is null or { HasExited: true })
            return;
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

    public async ValueTask DisposeAsync()
    {
        await Stop();
        process?.Dispose();
        await Eventually.Holds(TryDelete, $"{Folder} can be deleted");
    }

    private static async Task<PlatformProcess> Start(PlatformProcess platform)
    {
        platform.StartAgain();
        await platform.WhenUp();
        return platform;
    }

    private string InData(string file) => Path.Combine(Folder, DataFolder, file);

    private Task<Process> RunningApp() =>
        Eventually.Holds(() => Process.GetProcessesByName("Hexabase.Functions").FirstOrDefault(p => ParentOf(p.Id) == process!.Id), app => app is not null)!;

    private static int ParentOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return -1; // It ended in the meantime.
        }
    }

    private void ThrowIfEnded(Exception? cause)
    {
        if (!killed && process!.HasExited)
            throw new InvalidOperationException($"The platform has ended with exit code {process.ExitCode}.\n{Output}", cause);
    }

    private bool TryDelete()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false; // A child is still writing its last lines.
        }
    }

    private void Record(string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
        if (line.StartsWith(Up, StringComparison.Ordinal))
            up.TrySetResult(new Uri(line[Up.Length..].Split(' ')[0]));
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int pid, int signal);
}

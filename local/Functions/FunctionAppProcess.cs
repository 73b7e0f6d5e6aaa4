using System.Diagnostics;
using System.Globalization;
using Hexabase.Local.Processes;
using Hexabase.Local.Settings;

namespace Hexabase.Local.Functions;

/// <summary>The function app as a child process that is kept running, started as the Functions host starts a custom handler.</summary>
public sealed class FunctionAppProcess : IHostedService, IAsyncDisposable
{
    private const string LogPrefix = "LanguageWorkerConsoleLog";

    private readonly SupervisedProcess process;

    /// <exception cref="CannotStartException">The program that host.json names does not exist.</exception>
    public FunctionAppProcess(
        FunctionAppFolder folder,
        AppSettings settings,
        HttpMessageInvoker http,
        PlatformConsole console,
        TimeProvider clock,
        IHostApplicationLifetime lifetime)
    {
        var executable = Executable(folder);
        process = new SupervisedProcess(
            new ProcessPlan("function app", () => Launch(executable, folder, settings), folder.Host.InitializationTimeout)
            {
                MayEndItself = true,
                OnOutput = line => console.Say(WithoutLogPrefix(line)),
                OnError = console.Warn,
            },
            http,
            console,
            clock,
            lifetime.ApplicationStopping);
    }

    /// <summary>Of the running process; null between two.</summary>
    public int? ProcessId => process.ProcessId;

    /// <inheritdoc cref="SupervisedProcess.IsReady"/>
    public bool IsReady => process.IsReady;

    /// <inheritdoc cref="SupervisedProcess.WhenReady"/>
    public ValueTask<Uri?> WhenReady(CancellationToken ct) => process.WhenReady(ct);

    /// <inheritdoc cref="SupervisedProcess.Suspect"/>
    public Task Suspect(Uri at, CancellationToken ct) => process.Suspect(at, ct);

    /// <inheritdoc cref="SupervisedProcess.Restart"/>
    public void Restart(Uri of) => process.Restart(of);

    /// <inheritdoc cref="SupervisedProcess.WasRestarted"/>
    public bool WasRestarted(Uri at) => process.WasRestarted(at);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        process.Start();
        return Task.CompletedTask;
    }

    /// <summary>Kills it without warning, as the Functions host does.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => process.DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => process.DisposeAsync();

    /// <summary>On a new port each time: nothing that was meant for an earlier start reaches the next one.</summary>
    private static Launch Launch(string executable, FunctionAppFolder folder, AppSettings settings)
    {
        var host = folder.Host;
        var port = LocalPorts.Free().ToString(CultureInfo.InvariantCulture);
        var worker = Guid.NewGuid().ToString();
        var start = new ProcessStartInfo(executable, host.Arguments) { WorkingDirectory = host.WorkingDirectory };
        start.Environment.Clear(); // the settings hold it, each name in one spelling
        foreach (var (name, value) in settings.All)
            start.Environment[name] = value;
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = start.Environment["FUNCTIONS_HTTPWORKER_PORT"] = port;
        start.Environment["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = start.Environment["FUNCTIONS_HTTPWORKER_ID"] = worker;
        start.Environment["FUNCTIONS_APP_ROOT_PATH"] = folder.Location;
        return new Launch(start, new Uri($"http://127.0.0.1:{port}/"));
    }

    /// <summary>A file of the app folder, or else a program of the PATH.</summary>
    private static string Executable(FunctionAppFolder folder)
    {
        var named = folder.Host.Executable;
        string[] spellings = OperatingSystem.IsWindows() ? [named, named + ".exe"] : [named];
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
        return path.Prepend(folder.Location).SelectMany(_ => spellings, (place, name) => Path.Combine(place, name)).FirstOrDefault(File.Exists)
            ?? throw new CannotStartException($"There is no {named} in {folder.Location} nor on the PATH: build the function app.");
    }

    private static string WithoutLogPrefix(string line) => line.StartsWith(LogPrefix, StringComparison.Ordinal) ? line[LogPrefix.Length..] : line;
}

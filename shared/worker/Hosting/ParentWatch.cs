using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Hosting;

/// <summary>
/// Stops the app when its parent process is gone. A host that is killed leaves the app running as an orphan, which would hold
/// on to memory and go on working on messages that are redelivered elsewhere. Unix only; elsewhere it does nothing.
/// </summary>
internal sealed partial class ParentWatch(IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ParentWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Read as early as possible: a parent that dies during start-up counts too.</summary>
    private static readonly int Parent = OperatingSystem.IsWindows() ? 0 : NativeMethods.ParentProcessId();

    /// <summary>Reads the parent now.</summary>
    public static void Prepare() => System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(ParentWatch).TypeHandle);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            if (NativeMethods.ParentProcessId() == Parent)
                continue;
            ParentIsGone(Parent);
            lifetime.StopApplication();
            return;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Warning, "The host (process {Parent}) is gone; the app ends.")]
    private partial void ParentIsGone(int parent);

    private static class NativeMethods
    {
        /// <summary>POSIX <c>getppid</c>: a process whose parent ended is given another one.</summary>
        [DllImport("libc", EntryPoint = "getppid")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int ParentProcessId();
    }
}

using System.Runtime.InteropServices;

namespace Hexabase.Worker.Hosting;

/// <summary>The process that started this one, as known when this was made. Known on Unix only.</summary>
internal sealed class ParentProcess
{
    public int Id { get; } = CurrentId();

    /// <summary>A process whose parent ended is given another one.</summary>
    public bool IsGone => CurrentId() != Id;

    private static int CurrentId() => OperatingSystem.IsWindows() ? 0 : NativeMethods.ParentProcessId();

    private static class NativeMethods
    {
        /// <summary>POSIX <c>getppid</c>.</summary>
        [DllImport("libc", EntryPoint = "getppid")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int ParentProcessId();
    }
}

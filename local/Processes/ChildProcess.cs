using System.Diagnostics;

namespace Hexabase.Local.Processes;

/// <summary>One start of a child process whose output lines are handed on as they come.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process process;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>Only after <see cref="Ended"/>; killed by signal n it is 128 + n.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Completes as soon as the process is gone; a descendant that holds its output open does not delay it.</summary>
    public Task Ended => ended.Task;

    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it may not be run.</exception>
    public static ChildProcess Start(ProcessStartInfo start, Action<string> onOutput, Action<string> onError)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var child = new ChildProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        child.process.Exited += (_, _) => child.ended.TrySetResult();
        child.process.OutputDataReceived += (_, e) => Hand(e.Data, onOutput);
        child.process.ErrorDataReceived += (_, e) => Hand(e.Data, onError);
        try
        {
            child.process.Start();
        }
        catch
        {
            child.Dispose();
            throw;
        }
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Ends the process and its descendants at once.</summary>
    public void Kill()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    /// <summary>
    /// Lets go of its input, at which a program preloaded with exit-with-parent.cjs ends in order; kills it when it has not after
    /// <paramref name="patience"/>.
    /// </summary>
    public async Task End(TimeSpan patience)
    {
        process.StandardInput.Close();
        try
        {
            await Ended.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            Kill();
            await Ended;
        }
    }

    public void Dispose() => process.Dispose();

    private static void Hand(string? line, Action<string> to)
    {
        if (line is not null)
            to(line);
    }
}

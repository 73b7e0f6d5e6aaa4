using System.ComponentModel;
using System.Diagnostics;

namespace Hexabase.Local.Processes;

/// <summary>One start of a child process whose output lines are handed on as they come.</summary>
public sealed class ChildProcess : IDisposable
{
    /// <summary>A descendant may hold the output open for as long as it runs.</summary>
    private static readonly TimeSpan LastWordsWithin = TimeSpan.FromSeconds(1);

    private readonly Process process;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource outputRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource errorRead = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
        child.process.OutputDataReceived += (_, e) => Hand(e.Data, onOutput, child.outputRead);
        child.process.ErrorDataReceived += (_, e) => Hand(e.Data, onError, child.errorRead);
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

    /// <summary>Ends the process and its descendants at once, as far as that is possible; never throws.</summary>
    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It is gone already, or a descendant is that may not be killed: the process itself has been.
        }
    }

    /// <summary>
    /// Lets go of its input, at which a program preloaded with exit-with-parent.cjs ends in order; kills it when it has not after
    /// <paramref name="patience"/>. What it said last has been handed on when this completes.
    /// </summary>
    public async Task End(TimeSpan patience)
    {
        process.StandardInput.Close();
        if (!await Within(Ended, patience))
        {
            Kill();
            await Ended;
        }
        await Within(Task.WhenAll(outputRead.Task, errorRead.Task), LastWordsWithin);
    }

    public void Dispose() => process.Dispose();

    private static async Task<bool> Within(Task task, TimeSpan patience) => await Task.WhenAny(task, Task.Delay(patience)) == task;

    /// <param name="line">Null at the end.</param>
    private static void Hand(string? line, Action<string> to, TaskCompletionSource end)
    {
        if (line is not null)
            to(line);
        else
            end.TrySetResult();
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Hexabase.Local.Processes;

/// <summary>How to start a process that serves HTTP.</summary>
/// <param name="Endpoint">Where this start of it will answer.</param>
public sealed record Launch(ProcessStartInfo Start, Uri Endpoint);

/// <summary>What to keep running.</summary>
/// <param name="Name">For people.</param>
/// <param name="Next">Called for every start.</param>
/// <param name="ReadyWithin">A start that has not answered a request by then is killed and counts as a crash.</param>
public sealed record ProcessPlan(string Name, Func<Launch> Next, TimeSpan ReadyWithin)
{
    /// <summary>Exit code 0 means that it wants to stay down; else every end is a crash.</summary>
    public bool MayEndItself { get; init; }

    /// <summary>Called, with how it ended, instead of starting it again: what it held is gone with it. Null when it holds nothing.</summary>
    public Action<string>? OnLost { get; init; }

    /// <summary>How long it may take to end in order when the platform stops; zero kills it at once.</summary>
    public TimeSpan Patience { get; init; }

    public required Action<string> OnOutput { get; init; }

    public required Action<string> OnError { get; init; }
}

/// <summary>
/// Keeps a process running that serves HTTP: waits until it answers, starts it again when it dies (see <see cref="RestartPolicy"/>),
/// and ends it with its descendants when disposed.
/// </summary>
/// <param name="platformStops">
/// Cancelled when the platform begins to stop. A process that ends from then on, such as by the Ctrl-C that a terminal sends to all of
/// them, meant nothing by it and is not started again.
/// </param>
public sealed class SupervisedProcess(
    ProcessPlan plan, HttpMessageInvoker http, PlatformConsole console, TimeProvider clock, CancellationToken platformStops) : IAsyncDisposable
{
    /// <summary>Exit code by which the process asks to be started again; not a crash.</summary>
    public const int RestartMe = 200;

    private static readonly TimeSpan PingEvery = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan EndIsNoticedWithin = TimeSpan.FromMilliseconds(200);

    /// <summary>A signal to the whole process group may reach the child a moment before it reaches the platform.</summary>
    private static readonly TimeSpan StopIsNoticedWithin = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly RestartPolicy policy = new();
    private TaskCompletionSource<Uri?> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Uri? endpoint;
    private volatile ChildProcess? child;
    private volatile bool restartAsked;
    private volatile Uri? restarted;
    private Task? supervision;

    /// <summary>Of the running process; null between two.</summary>
    public int? ProcessId => child?.Id;

    /// <summary>Starts it in the background.</summary>
    public void Start() => supervision ??= Task.Run(() => Supervise(stopping.Token));

    /// <summary>Whether it answers now.</summary>
    public bool IsReady => endpoint is not null;

    /// <summary>Where it answers, as soon as it does; null when it ended itself for good.</summary>
    public ValueTask<Uri?> WhenReady(CancellationToken ct)
    {
        if (endpoint is { } now)
            return new(now);
        lock (gate)
            return new(ready.Task.WaitAsync(ct));
    }

    /// <summary>
    /// To be awaited after a connection to <paramref name="at"/> broke: a dying process breaks them a moment before its end is noticed,
    /// and who is told of the failure must not run into the same start of it again.
    /// </summary>
    public async Task Suspect(Uri at, CancellationToken ct)
    {
        Task ended;
        lock (gate)
            ended = endpoint == at ? gone.Task : Task.CompletedTask;
        await Task.WhenAny(ended, Task.Delay(EndIsNoticedWithin, clock, ct));
    }

    /// <summary>
    /// Kills it to have it started again at once; every call that runs in it fails. Nothing happens when another start than the one
    /// that answered at <paramref name="of"/> runs by now.
    /// </summary>
    public void Restart(Uri of)
    {
        lock (gate)
        {
            if (endpoint != of)
                return;
            restartAsked = true;
            restarted = of;
            child?.Kill();
        }
    }

    /// <summary>Whether the start that answered at this address was the last one to be ended by <see cref="Restart"/>.</summary>
    /// <param name="at">As it was given out: another start may have the same port.</param>
    public bool WasRestarted(Uri at) => ReferenceEquals(restarted, at);

    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        if (supervision is not null)
            await supervision;
        stopping.Dispose();
    }

    private async Task Supervise(CancellationToken stop)
    {
        using var noMoreStarts = CancellationTokenSource.CreateLinkedTokenSource(stop, platformStops);
        while (!noMoreStarts.IsCancellationRequested)
        {
            var started = clock.GetTimestamp();
            var ending = await RunOnce(stop);
            if (ending is { Kind: EndingKind.Deliberate } && plan.MayEndItself)
            {
                if (!await Passes(StopIsNoticedWithin, TimeProvider.System, noMoreStarts.Token))
                    break;
                console.Warn($"The {plan.Name} {ending.How} and is not started again: that is how it says it is done. Restart the platform to run it.");
                lock (gate)
                    ready.TrySetResult(null);
                return;
            }
            if (plan.OnLost is { } lost)
            {
                if (await Passes(StopIsNoticedWithin, TimeProvider.System, noMoreStarts.Token))
                    lost(ending.How);
                break;
            }
            if (ending is not { Kind: EndingKind.Restart } && !await BackOff(ending, clock.GetElapsedTime(started), noMoreStarts.Token))
                break;
        }
        lock (gate)
            ready.TrySetCanceled(stop);
    }

    /// <summary>False when the platform stops meanwhile: then nobody is told, for the end was no accident.</summary>
    private async Task<bool> BackOff(Ending ending, TimeSpan ranFor, CancellationToken stop)
    {
        var delay = policy.AfterCrash(clock.GetUtcNow(), ranFor);
        if (!await Passes(delay, clock, stop))
            return false;
        console.Warn(string.Create(CultureInfo.InvariantCulture, $"The {plan.Name} {ending.How}; started again after {delay.TotalSeconds:0.0} s."));
        if (plan.MayEndItself && policy.Crashes == RestartPolicy.CrashesThatStopAzure)
            console.Warn($"That was crash {policy.Crashes} in a short time: Azure would stop the host here. This platform keeps trying.");
        return true;
    }

    /// <summary>False when <paramref name="stop"/> came first.</summary>
    private static async Task<bool> Passes(TimeSpan time, TimeProvider clock, CancellationToken stop)
    {
        try
        {
            await Task.Delay(time, clock, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Never throws: whatever goes wrong is a crash, for supervision must not end unnoticed.</summary>
    private async Task<Ending> RunOnce(CancellationToken stop)
    {
        restartAsked = false;
        try
        {
            var launch = plan.Next();
            using var process = ChildProcess.Start(launch.Start, plan.OnOutput, plan.OnError);
            try
            {
                return await Run(process, launch.Endpoint, stop);
            }
            finally
            {
                process.Kill();
            }
        }
        catch (Exception e)
        {
            return new Ending(EndingKind.Crash, $"could not be {(e is Win32Exception ? "started" : "kept running")} ({e.Message})");
        }
    }

    private async Task<Ending> Run(ChildProcess process, Uri at, CancellationToken stop)
    {
        child = process;
        try
        {
            await Serve(process, at, stop);
        }
        finally
        {
            lock (gate)
                child = null;
        }
        var endedItself = process.Ended.IsCompleted;
        await process.End(stop.IsCancellationRequested ? plan.Patience : TimeSpan.Zero);
        return endedItself ? EndingOf(process.ExitCode) : new Ending(EndingKind.Crash, "did not answer in time");
    }

    /// <summary>Returns when the process is gone, does not come up in time, or the platform stops.</summary>
    private async Task Serve(ChildProcess process, Uri at, CancellationToken stop)
    {
        try
        {
            if (!await Answers(process, at, stop))
                return;
            lock (gate)
            {
                endpoint = at;
                gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                ready.TrySetResult(at);
            }
            await process.Ended.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The caller sees it by the token.
        }
        finally
        {
            lock (gate)
            {
                endpoint = null;
                if (ready.Task.IsCompleted)
                    ready = new TaskCompletionSource<Uri?>(TaskCreationOptions.RunContinuationsAsynchronously);
                gone.TrySetResult();
            }
        }
    }

    /// <summary>Asks until there is any answer at all (true); false when the process ended or time is up.</summary>
    private async Task<bool> Answers(ChildProcess process, Uri at, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(plan.ReadyWithin);
        try
        {
            while (!await Ping(at, patience.Token))
            {
                await Task.WhenAny(process.Ended, Task.Delay(PingEvery, clock, patience.Token));
                patience.Token.ThrowIfCancellationRequested();
                if (process.Ended.IsCompleted)
                    return false;
            }
            return !process.Ended.IsCompleted;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Whatever comes back shows that something serves there; only a failing socket does not.</summary>
    private async Task<bool> Ping(Uri at, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            using var response = await http.SendAsync(request, ct);
            return true;
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError != HttpRequestError.ConnectionError && e.InnerException is not (IOException or SocketException);
        }
    }

    private Ending EndingOf(int exitCode) => exitCode switch
    {
        _ when restartAsked => new(EndingKind.Restart, "was killed to be restarted"),
        RestartMe => new(EndingKind.Restart, "asked to be restarted"),
        0 => new(EndingKind.Deliberate, "ended itself (exit code 0)"),
        _ => new(EndingKind.Crash, $"died (exit code {exitCode})"),
    };

    private enum EndingKind
    {
        Crash,
        Deliberate,
        Restart,
    }

    private sealed record Ending(EndingKind Kind, string How);
}

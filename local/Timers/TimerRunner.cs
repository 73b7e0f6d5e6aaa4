using Hexabase.Local.Functions;

namespace Hexabase.Local.Timers;

/// <summary>
/// Runs one timer function on its schedule, one run at a time. After a start a missed occurrence is made up for by one run with
/// IsPastDue, however many were missed. A run that outlasts the next occurrence is followed by one more at once. A failed run is not
/// repeated; the schedule goes on.
/// </summary>
public sealed class TimerRunner(TimerFunction timer, IFunctionApp app, TimerStatuses statuses, PlatformConsole console, TimeProvider clock)
    : IDisposable
{
    /// <summary>A sleeping laptop does not count time: look at the clock again by then.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim oneAtATime = new(1);
    private TimerStatus status = TimerStatus.Initial(timer.Schedule, clock.GetUtcNow());

    /// <summary>Runs until cancelled.</summary>
    public async Task Run(CancellationToken stop)
    {
        await Begin(stop);
        while (true)
        {
            while (clock.GetUtcNow() is var now && now < status.Next)
                await Task.Delay(status.Next - now < LongestSleep ? status.Next - now : LongestSleep, clock, stop);
            await RunOnce(isPastDue: false, wasScheduled: true, stop);
        }
    }

    /// <summary>One run outside the schedule, which it leaves as it is; waits for one that is under way.</summary>
    public async Task RunNow(CancellationToken stop)
    {
        await oneAtATime.WaitAsync(stop);
        try
        {
            await Call(isPastDue: false, stop);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    private async Task Begin(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var remembered = timer.IsMonitored ? await Store(() => Task.FromResult(statuses.Find(timer.Name)), stop) : null;
        status = TimerStatus.AtStart(remembered, timer.Schedule, now);
        if (status != remembered)
            await Remember(stop);
        if (status.IsPastDue(now) || timer.RunOnStartup)
            await RunOnce(status.IsPastDue(now), wasScheduled: false, stop);
    }

    private async Task RunOnce(bool isPastDue, bool wasScheduled, CancellationToken stop)
    {
        await oneAtATime.WaitAsync(stop);
        try
        {
            var started = clock.GetUtcNow();
            await Call(isPastDue, stop);
            status = status.After(started, timer.Schedule, wasScheduled);
            await Remember(stop);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private async Task Call(bool isPastDue, CancellationToken stop)
    {
        var told = timer.IsMonitored ? status : null;
        var result = await app.Invoke(
            timer.Name,
            data =>
            {
                data.WritePropertyName(timer.Binding);
                TimerPayload.Write(data, told, isPastDue);
            },
            _ => { },
            stop);
        if (result.Error is not { } error)
            return;
        stop.ThrowIfCancellationRequested(); // a run cut short by the end of the platform has not failed
        console.Warn($"The timer {timer.Name} failed: {error}");
    }

    private Task Remember(CancellationToken stop) =>
        timer.IsMonitored ? Store(() => statuses.Save(timer.Name, status, stop), stop) : Task.CompletedTask;

    private Task<T> Store<T>(Func<Task<T>> ask, CancellationToken stop) => StoreRetry.UntilItAnswers(
        ask, e => console.Warn($"The timer {timer.Name} waits for the store, which does not answer: {e.Message}"), clock, stop);
}

using System.Text.Json;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Hexabase.Durable;
using Hexabase.Local.Functions;

namespace Hexabase.Local.Durable;

/// <summary>
/// Runs activities, in the order in which they were scheduled, so many at a time. One that is cut off runs again: by the end of the
/// platform, or by that of its time or another function's, which costs the app its process. After
/// <see cref="InstanceStore.MostCutOff"/> times it has failed.
/// </summary>
internal sealed partial class ActivityRunner(
    InstanceStore store, DurableFunctions functions, IFunctionApp app, TimeProvider clock, Action<Posting> deliver, ILogger logger)
{
    /// <summary>A signal to the whole process group may end the app a moment before the platform learns of it.</summary>
    private static readonly TimeSpan StopIsNoticedWithin = TimeSpan.FromMilliseconds(200);

    private readonly Channel<ActivityWork> work = Channel.CreateUnbounded<ActivityWork>();

    /// <summary>Takes an activity that is stored.</summary>
    public void Enqueue(ActivityWork activity) => work.Writer.TryWrite(activity);

    /// <summary>Runs one activity at a time until it is stopped.</summary>
    public async Task Run(CancellationToken stopping)
    {
        await foreach (var activity in work.Reader.ReadAllAsync(stopping))
        {
            var end = activity.CutOff >= InstanceStore.MostCutOff ? GivenUp(activity) : await Call(activity, stopping);
            if (end is null)
                Enqueue(await UntilStored(() => store.CutOff(activity), stopping));
            else if (await UntilStored(() => store.End(activity, end), stopping) is { } posting)
                deliver(posting);
        }
    }

    /// <summary>Null when it was cut off.</summary>
    private async Task<HistoryEvent?> Call(ActivityWork activity, CancellationToken stopping)
    {
        if (!functions.Activities.TryGetValue(activity.Name, out var function))
            return Failed(activity, FailureDetails.NoSuchFunction(activity.Name, "activity"));
        var result = await app.Invoke(
            function.Function,
            data => ActivityCall.WriteData(data, function.Binding, activity.Input),
            metadata => ActivityCall.WriteMetadata(metadata, function.Binding, activity),
            stopping);
        if (result.Error is not { } error)
            return Answered(activity, function.Function, result.ReturnValue);
        LogFailed(activity.InstanceId, activity.Name, activity.Task, error);
        if (result.Failure == InvocationFailure.Connection)
            await Task.Delay(StopIsNoticedWithin, clock, stopping);
        return result.Failure is InvocationFailure.Timeout or InvocationFailure.Restart
            ? null
            : Failed(activity, FailureDetails.OfActivity(function.Function, error));
    }

    private HistoryEvent Answered(ActivityWork activity, string function, ReadOnlyMemory<byte> returned)
    {
        try
        {
            return Completed(activity, ActivityCall.Result(returned));
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            return Failed(activity, FailureDetails.OfActivity(function, e.Message));
        }
    }

    private HistoryEvent GivenUp(ActivityWork activity) => Failed(
        activity,
        FailureDetails.Of(
            $"Activity '{activity.Name}' is given up.",
            $"It was begun {activity.CutOff} times and came to no end: the platform died, or the function timeout passed."));

    private HistoryEvent Completed(ActivityWork activity, string? result) => new()
    {
        EventId = -1,
        Timestamp = clock.GetUtcNow().ToTimestamp(),
        TaskCompleted = new TaskCompletedEvent { TaskScheduledId = activity.Task, Result = result },
    };

    private HistoryEvent Failed(ActivityWork activity, TaskFailureDetails details) => new()
    {
        EventId = -1,
        Timestamp = clock.GetUtcNow().ToTimestamp(),
        TaskFailed = new TaskFailedEvent { TaskScheduledId = activity.Task, FailureDetails = details },
    };

    private Task<T> UntilStored<T>(Func<Task<T>> ask, CancellationToken stopping) =>
        StoreRetry.UntilItAnswers(ask, e => LogStoreFailed(e), clock, stopping);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Orchestration {Instance}: activity {Name} (#{Task}) failed: {Error}")]
    private partial void LogFailed(string instance, string name, int task, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store does not answer, ends of activities wait")]
    private partial void LogStoreFailed(Exception e);
}

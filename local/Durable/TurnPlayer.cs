using Google.Protobuf.WellKnownTypes;
using Hexabase.Durable;
using Hexabase.Local.Functions;

namespace Hexabase.Local.Durable;

/// <summary>
/// Plays the turns of orchestrations: takes an instance that has messages, asks the app, stores what came of it and sends it on. Nothing
/// is sent on before it is stored. A turn that is cut off by the end of the platform is played again; one whose time is up, or that the
/// app cannot play now, too, with growing pauses and at most <see cref="MostPlays"/> times in a row.
/// </summary>
internal sealed partial class TurnPlayer(
    Instances instances,
    InstanceStore store,
    DurableFunctions functions,
    IFunctionApp app,
    TimeProvider clock,
    Action<TurnEffects> sendOn,
    ILogger logger)
{
    private const int MostPlays = 8;

    /// <summary>A signal to the whole process group may end the app a moment before the platform learns of it.</summary>
    private static readonly TimeSpan StopIsNoticedWithin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Plays one turn at a time until it is stopped.</summary>
    public async Task Play(CancellationToken stopping)
    {
        await foreach (var instance in instances.Ready.ReadAllAsync(stopping))
            await PlayTurn(instance, stopping);
    }

    private async Task PlayTurn(Instance instance, CancellationToken stopping)
    {
        if (!await IsLoaded(instance, stopping))
        {
            instances.Remove(instance);
            return;
        }
        await app.WhenReady(stopping); // what comes in meanwhile is of the same turn
        var execution = instance.Execution!;
        var messages = instances.Take(instance);
        if (messages.Count == 0)
        {
            instances.Release(instance);
            return;
        }
        List<HistoryEvent> began =
        [
            new() { EventId = -1, Timestamp = clock.GetUtcNow().ToTimestamp(), OrchestratorStarted = new OrchestratorStartedEvent() },
            .. messages.Select(m => m.Event),
        ];
        var (turn, cutOff) = await Ask(execution, began, stopping);
        if (cutOff is not null && ++instance.PlaysCutOff >= MostPlays)
            turn = GivenUp(execution, began, cutOff);
        if (turn is not null)
        {
            instance.PlaysCutOff = 0;
            await End(instance, turn, messages, stopping);
            return;
        }
        var pause = FirstPause * Math.Pow(2, instance.PlaysCutOff - 1);
        LogPlayedAgain(execution.InstanceId, execution.Name, instance.PlaysCutOff, MostPlays, cutOff!);
        instances.PutBack(instance, messages);
        _ = ReleaseLater(instance, pause < LongestPause ? pause : LongestPause, stopping);
    }

    private async ValueTask<bool> IsLoaded(Instance instance, CancellationToken stopping)
    {
        if (instance.Execution is not null)
            return true;
        var loaded = await UntilStored(() => Task.FromResult(store.Load(instance.Number)), stopping);
        if (loaded is not { } found)
            return false;
        instances.Load(instance, found.Execution, found.Waiting);
        return true;
    }

    /// <summary>The turn, or why there is none and it is to be played again.</summary>
    private async Task<(Turn? Turn, string? CutOff)> Ask(Execution execution, IReadOnlyList<HistoryEvent> began, CancellationToken stopping)
    {
        if (!functions.Orchestrators.TryGetValue(execution.Name, out var function))
        {
            var missing = FailureDetails.NoSuchFunction(execution.Name, "orchestrator");
            return (Turn.Failed(execution, began, missing.ErrorMessage, missing), null);
        }
        var result = await app.Invoke(
            function.Function, data => OrchestratorCall.Write(data, function.Binding, execution, began), _ => { }, stopping);
        if (result is { Succeeded: false, Failure: InvocationFailure.Connection })
            await Task.Delay(StopIsNoticedWithin, clock, stopping);
        if (result is { Succeeded: false, Failure: InvocationFailure.Timeout or InvocationFailure.Restart })
            return (null, result.Error);
        var fault = result.Error;
        if (fault is null && OrchestratorCall.Read(result.ReturnValue.Span, out fault) is { } answer)
        {
            return Turn.IsToBePlayedAgain(answer)
                ? (null, "The app answered that it cannot play it now.")
                : (Turn.Of(execution, began, answer), null);
        }
        LogFailed(execution.InstanceId, execution.Name, fault!);
        var message = $"Function '{function.Function}' failed with an unhandled exception.";
        return (Turn.Failed(execution, began, message, FailureDetails.Of(message, fault!)), null);
    }

    private Turn GivenUp(Execution execution, IReadOnlyList<HistoryEvent> began, string cause)
    {
        LogFailed(execution.InstanceId, execution.Name, cause);
        var message = $"Orchestration '{execution.Name}' is given up: its turn was played {MostPlays} times and came to no end.";
        return Turn.Failed(execution, began, message, FailureDetails.Of(message, cause));
    }

    private async Task End(Instance instance, Turn turn, IReadOnlyList<Message> messages, CancellationToken stopping)
    {
        var execution = instance.Execution!;
        var added = Execution.Encode(turn.Events);
        var effects = await UntilStored(() => store.Commit(execution, turn, added, messages), stopping);
        if (effects is null || turn.IsFinished)
        {
            instances.Remove(instance);
        }
        else if (effects.Next is { } next)
        {
            instance.Execution = next;
        }
        else
        {
            execution.Append(added);
            (execution.Status, execution.CustomStatus) = (turn.Status, turn.CustomStatus);
        }
        if (effects is null)
            return;
        sendOn(effects);
        if (!turn.IsFinished)
            instances.Release(instance);
    }

    private async Task ReleaseLater(Instance instance, TimeSpan pause, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(pause, clock, stopping);
            instances.Release(instance);
        }
        catch (OperationCanceledException)
        {
            // The next start of the platform finds the messages in the store.
        }
    }

    private Task<T> UntilStored<T>(Func<Task<T>> ask, CancellationToken stopping) =>
        StoreRetry.UntilItAnswers(ask, e => LogStoreFailed(e), clock, stopping);

    [LoggerMessage(Level = LogLevel.Error, Message = "Orchestration {Instance} ({Name}) failed for good: {Error}")]
    private partial void LogFailed(string instance, string name, string error);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Orchestration {Instance} ({Name}): a turn came to no end ({Play} of {Most}) and is played again: {Cause}")]
    private partial void LogPlayedAgain(string instance, string name, int play, int most, string cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store does not answer, orchestrations wait")]
    private partial void LogStoreFailed(Exception e);
}

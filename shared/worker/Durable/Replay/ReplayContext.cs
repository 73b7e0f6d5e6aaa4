using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Hexabase.Durable;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Durable.Replay;

/// <summary>The context of an orchestration during one turn.</summary>
internal sealed class ReplayContext(
    string instanceId,
    OrchestrationThread thread,
    OrchestrationSteps steps,
    ExternalEvents events,
    JsonSerializerOptions json,
    ILoggerFactory loggers) : TaskOrchestrationContext
{
    // Azure Storage takes timers of at most six days.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(3);

    private int guids;

    /// <summary>Set before the code runs.</summary>
    public ExecutionStartedEvent? Started { get; set; }

    public DateTime Now { get; set; }

    public bool IsPast { get; set; }

    public override string Name => Started!.Name;

    public override string InstanceId => instanceId;

    public override DateTime CurrentUtcDateTime => Now;

    public override bool IsReplaying => IsPast;

    /// <summary>JSON text; null for none.</summary>
    public string? CustomStatus { get; private set; }

    /// <summary>What <see cref="ContinueAsNew"/> asked for last.</summary>
    public NextExecution? Next { get; private set; }

    public override Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, TaskOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var text = PayloadJson.Write(input, json);
        return Call<TResult>(name, options?.Retry, () => new() { ScheduleTask = new() { Name = name, Version = "", Input = text } });
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(string name, object? input = null, TaskOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var text = PayloadJson.Write(input, json);
        var chosenId = (options as SubOrchestrationOptions)?.InstanceId;
        return Call<TResult>(name, options?.Retry, () => new()
        {
            CreateSubOrchestration = new() { InstanceId = chosenId ?? NextChildId(), Name = name, Version = "", Input = text },
        });
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellation)
    {
        if (fireAt.Kind == DateTimeKind.Local)
            throw new ArgumentException("It must be UTC.", nameof(fireAt));
        cancellation.ThrowIfCancellationRequested();
        var end = DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        for (var isLast = false; !isLast;)
        {
            isLast = end - Now <= LongestTimer;
            await FireAt(isLast ? end : Now + LongestTimer, cancellation);
        }
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        thread.Demand();
        if (!events.TryRead(eventName, out var payload))
        {
            var waiter = events.Await(eventName);
            payload = await thread.Outcome(waiter, () => events.Withdraw(eventName, waiter), cancellation);
        }
        return PayloadJson.Read<T>(payload, json);
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout, CancellationToken cancellation = default)
    {
        using var whichIsLate = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var arrival = WaitForExternalEvent<T>(eventName, whichIsLate.Token);
        if (!arrival.IsCompleted)
            await Task.WhenAny(arrival, CreateTimer(timeout, whichIsLate.Token));
#pragma warning disable CA1849, MA0042, S6966 // CancelAsync would go on elsewhere.
        whichIsLate.Cancel();
#pragma warning restore CA1849, MA0042, S6966
        return await arrival;
    }

    public override void SendEvent(string instanceId, string eventName, object? payload = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        thread.Demand();
        steps.Add(new()
        {
            SendEvent = new() { Instance = new() { InstanceId = instanceId }, Name = eventName, Data = PayloadJson.Write(payload, json) },
        });
    }

    public override void SetCustomStatus(object? customStatus)
    {
        thread.Demand();
        CustomStatus = PayloadJson.Write(customStatus, json);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        thread.Demand();
        Next = new(PayloadJson.Write(newInput, json), preserveUnprocessedEvents);
    }

    public override Guid NewGuid()
    {
        thread.Demand();
        return DeterministicGuid.Of(string.Create(CultureInfo.InvariantCulture, $"{instanceId}_{Now:o}_{guids++}"));
    }

    public override ILogger CreateReplaySafeLogger(string categoryName) => new ReplaySafeLogger(this, loggers.CreateLogger(categoryName));

    /// <summary>Calls until it succeeds or the policy gives up. Each try is a step of its own, and so is each wait.</summary>
    private async Task<T> Call<T>(string name, RetryPolicy? retry, Func<OrchestratorAction> ask)
    {
        thread.Demand();
        var began = Now;
        for (var failures = 1; ; failures++)
        {
            var action = ask();
            var outcome = await steps.Open(action).Task;
            if (outcome.Failure is not { } failure)
                return PayloadJson.Read<T>(outcome.Value, json);
            if (Retries.DelayAfter(retry, failures, failure, Now - began) is not { } delay)
                throw new TaskFailedException(name, action.Id, failure);
            await CreateTimer(delay < DateTime.MaxValue - Now ? Now + delay : DateTime.MaxValue, CancellationToken.None);
        }
    }

    private Task<StepOutcome> FireAt(DateTime time, CancellationToken cancellation)
    {
        thread.Demand();
        var action = new OrchestratorAction { CreateTimer = new() { FireAt = Timestamp.FromDateTime(time) } };
        return thread.Outcome(steps.Open(action), () => steps.Forget(action.Id), cancellation);
    }

    /// <summary>The same at every replay, and another in every execution.</summary>
    private string NextChildId() =>
        DeterministicGuid.Of($"{instanceId}:{Started!.OrchestrationInstance?.ExecutionId}:{steps.NextId}").ToString("N");
}

/// <summary>How an orchestration continues as new.</summary>
/// <param name="Input">JSON text; null for none.</param>
/// <param name="KeepUnread">Whether events that nobody has read go on with it.</param>
internal sealed record NextExecution(string? Input, bool KeepUnread);

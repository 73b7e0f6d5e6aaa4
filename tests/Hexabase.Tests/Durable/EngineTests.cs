using Hexabase.Durable;
using Hexabase.Local.Durable;
using Hexabase.Local.Functions;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Durable;

/// <summary>What the engine makes of what orchestrations ask for: fact sheet durable-custom-handler §2, §3 and §7.</summary>
public sealed class EngineTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Echo = ["Echo"];

    [Fact]
    public async Task Activities_run_in_parallel_up_to_the_limit()
    {
        var app = new ScriptedApp(new Script(new Step.Activities([.. Enumerable.Repeat("Echo", 8)])));
        using var open = new SemaphoreSlim(0);
        app.App.Activity = async (_, ct) =>
        {
            await open.WaitAsync(ct);
            return EngineApp.Returned(null);
        };
        await using var host = await EngineHost.Start(app.App, settings: new DurableSettings("code") { MaxConcurrentActivityFunctions = 3 });
        await host.Start("a", "Scripted");
        await Eventually.Holds(() => app.App.Activities.Count, running => running == 3);
        open.Release();
        await Eventually.Holds(() => app.App.Activities.Count, running => running == 4);
        open.Release(7);
        await host.End("a");
        Assert.Equal(8, app.App.Activities.Count);
    }

    [Fact]
    public async Task A_timer_fires_when_its_time_has_come_and_not_before()
    {
        var clock = new ManualTimeProvider(Midnight);
        var app = new ScriptedApp(new Script(new Step.Timer(TimeSpan.FromDays(10))));
        await using var host = await EngineHost.Start(app.App, clock);
        await host.Start("a", "Scripted");
        await Eventually.Holds(() => host.Count("durable_timers"), timers => timers == 1);
        clock.Advance(TimeSpan.FromDays(10) - TimeSpan.FromTicks(1));
        Assert.False(host.Instances.Find("a")!.IsFinished);
        await Eventually.Holds(
            () =>
            {
                clock.Advance(TimeSpan.FromTicks(1));
                return host.Instances.Find("a")!.IsFinished;
            },
            "the timer fires");
        Assert.Equal((Midnight + TimeSpan.FromDays(10)).UtcDateTime, app.App.Turns[^1].NewEvents[^1].TimerFired.FireAt.ToDateTime());
    }

    [Fact]
    public async Task A_child_is_told_of_its_parent_and_the_parent_of_its_end()
    {
        var app = new ScriptedApp(new Script(new Step.Child("kid", "Child")));
        await using var host = await EngineHost.Start(app.App);
        await host.Start("a", "Scripted");
        await host.End("a");
        var start = app.App.Turns.First(t => t.InstanceId == "kid").NewEvents.Single(e => e.ExecutionStarted is not null).ExecutionStarted;
        Assert.Equal(("a", 0, "Scripted"), (start.ParentInstance.OrchestrationInstance.InstanceId, start.ParentInstance.TaskScheduledId, start.ParentInstance.Name));
        Assert.NotNull(Assert.Single(app.App.Turns[^1].NewEvents, e => e.SubOrchestrationInstanceCompleted is not null));
    }

    [Fact]
    public async Task A_child_that_failed_tells_its_parent_why()
    {
        var app = new ScriptedApp(new Script(new Step.Child("kid", "Child")));
        var play = app.App.Turn;
        app.App.Turn = (name, request, ct) => name == "Child" ? Task.FromResult(new InvocationResult("boom")) : play(name, request, ct);
        await using var host = await EngineHost.Start(app.App);
        await host.Start("a", "Scripted");
        await host.End("a");
        var failure = app.App.Turns[^1].NewEvents.Single(e => e.SubOrchestrationInstanceFailed is not null).SubOrchestrationInstanceFailed.FailureDetails;
        Assert.Equal("Function 'Child' failed with an unhandled exception.", failure.ErrorMessage);
        Assert.Equal("boom", failure.InnerFailure.ErrorMessage);
    }

    [Theory]
    [InlineData("Nothing", "b", "The function 'Nothing' doesn't exist, is disabled, or is not an orchestrator function.")]
    [InlineData("Child", "a", "An orchestration with the id 'a' is running.")]
    public async Task A_child_that_cannot_be_has_failed(string name, string id, string message)
    {
        var app = new ScriptedApp(new Script(new Step.Child(id, name)));
        await using var host = await EngineHost.Start(app.App);
        await host.Start("a", "Scripted");
        await host.End("a");
        var failure = app.App.Turns[^1].NewEvents.Single(e => e.SubOrchestrationInstanceFailed is not null).SubOrchestrationInstanceFailed.FailureDetails;
        Assert.Equal(message, failure.ErrorMessage);
    }

    [Theory]
    [InlineData(true, OrchestrationStatus.Terminated)]
    [InlineData(false, OrchestrationStatus.Running)]
    public async Task Terminating_a_parent_ends_its_children_if_it_says_so(bool recurse, OrchestrationStatus child)
    {
        var app = new ScriptedApp(new Script(new Step.Child("kid", "Child")));
        app.App.Activity = async (_, ct) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            return default;
        };
        await using var host = await EngineHost.Start(app.App);
        await host.Start("a", "Scripted");
        await Eventually.Holds(() => app.App.Activities.Count, running => running == 1);
        await host.Engine.Terminate("a", "enough", recurse, CancellationToken.None);
        var parent = await host.End("a");
        Assert.Equal((OrchestrationStatus.Terminated, "enough"), (parent.Status, parent.Output));
        await Eventually.Holds(() => host.Instances.Find("kid")!.Status, status => status == child);
    }

    [Fact]
    public async Task Continued_as_new_an_instance_begins_again_without_a_past()
    {
        var app = new ScriptedApp(new Script(new Step.Activities(Echo), new Step.CountDown()));
        await using var host = await EngineHost.Start(app.App);
        await host.Start("a", "Scripted", "3");
        Assert.Equal("0", (await host.End("a")).Output);
        var starts = app.App.Turns.Where(t => t.PastEvents.Count == 0).ToList();
        Assert.Equal(["3", "2", "1", "0"], starts.Select(t => t.NewEvents.Single(e => e.ExecutionStarted is not null).ExecutionStarted.Input));
        Assert.Equal(4, starts.Select(t => t.NewEvents[1].ExecutionStarted.OrchestrationInstance.ExecutionId).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(4, app.App.Activities.Count);
    }

    [Fact]
    public async Task Results_for_an_execution_that_is_over_are_dropped()
    {
        var first = true;
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var app = new EngineApp(["Scripted"], Echo)
        {
            Turn = (_, request, _) => Task.FromResult(EngineApp.Answer(request.NewEvents.Any(e => e.EventRaised is not null)
                ? Complete(OrchestrationStatus.ContinuedAsNew)
                : ScriptedApp.Play(new Script(new Step.Activities(Echo)), request))),
            Activity = async (_, ct) =>
            {
                if (first)
                {
                    first = false;
                    await late.Task.WaitAsync(ct);
                    return EngineApp.Returned("\"of the first\"");
                }
                return EngineApp.Returned("\"of the second\"");
            },
        };
        await using var host = await EngineHost.Start(app);
        await host.Start("a", "Scripted");
        await Eventually.Holds(() => app.Activities.Count, begun => begun == 1);
        await host.Engine.Raise("a", "again", null, CancellationToken.None);
        await host.End("a");
        late.SetResult();
        await Eventually.Holds(() => host.Count("durable_activities"), left => left == 0);
        Assert.Equal(["\"of the second\""], app.Turns.SelectMany(t => t.NewEvents).Select(e => e.TaskCompleted?.Result).OfType<string>());
    }

    [Fact]
    public async Task Events_reach_other_orchestrations_and_are_dropped_where_there_is_none()
    {
        var app = new ScriptedApp(new Script(new Step.Send("receiver"), new Step.Send("nobody")));
        var play = app.App.Turn;
        app.App.Turn = (name, request, ct) => request.InstanceId == "receiver"
            ? Task.FromResult(EngineApp.Answer(ScriptedApp.Play(new Script(new Step.Events(1)), request)))
            : play(name, request, ct);
        await using var host = await EngineHost.Start(app.App);
        await host.Start("receiver", "Scripted");
        await host.Start("a", "Scripted");
        await host.End("a");
        await host.End("receiver");
    }

    [Fact]
    public async Task Activities_of_a_finished_orchestration_run_all_the_same()
    {
        var app = new EngineApp(["Scripted"], Echo)
        {
            Turn = (_, _, _) =>
            {
                var answer = Complete(OrchestrationStatus.Completed);
                answer.Actions.Insert(0, new OrchestratorAction { ScheduleTask = new ScheduleTaskAction { Name = "Echo", Version = "" } });
                return Task.FromResult(EngineApp.Answer(answer));
            },
        };
        await using var host = await EngineHost.Start(app);
        await host.Start("a", "Scripted");
        await Eventually.Holds(() => app.Activities.Count == 1 && host.Count("durable_activities") == 0, "it runs and is gone");
        Assert.Equal(0, host.Count("durable_messages"));
    }

    [Fact]
    public async Task The_custom_status_is_that_of_the_last_turn()
    {
        var app = new EngineApp(["Scripted"], [])
        {
            Turn = (_, request, _) => Task.FromResult(EngineApp.Answer(new OrchestratorResponse { CustomStatus = $"{request.PastEvents.Count}" })),
        };
        await using var host = await EngineHost.Start(app);
        await host.Start("a", "Scripted");
        await Eventually.Holds(() => host.Instances.Find("a")!.CustomStatus, status => status == "0");
        await host.Engine.Raise("a", "go", null, CancellationToken.None);
        await Eventually.Holds(() => host.Instances.Find("a")!.CustomStatus, status => status == "3");
    }

    [Fact]
    public async Task An_orchestration_fails_with_the_details_that_it_answers()
    {
        var app = new EngineApp(["Scripted"], [])
        {
            Turn = (_, _, _) =>
            {
                var answer = Complete(OrchestrationStatus.Failed);
                answer.Actions[0].CompleteOrchestration.FailureDetails = new TaskFailureDetails { ErrorType = "X", ErrorMessage = "budget exceeded" };
                return Task.FromResult(EngineApp.Answer(answer));
            },
        };
        await using var host = await EngineHost.Start(app);
        await host.Start("a", "Scripted");
        var end = await host.End("a");
        Assert.Equal((OrchestrationStatus.Failed, "budget exceeded"), (end.Status, end.Output));
    }

    public static TheoryData<string?> UnusableAnswers =>
    [
        null,
        "{}",
        "\"\"",
        "\"no base64\"",
        "\"/w==\"",
        $"\"{Base64(new OrchestratorAction { Id = 1 })}\"",
        $"\"{Base64(new OrchestratorAction { SendEvent = new SendEventAction { Name = "to nobody" } })}\"",
        $"\"{Base64(new OrchestratorAction { CreateTimer = new CreateTimerAction() })}\"",
        $"\"{Base64(new OrchestratorAction { CreateTimer = new CreateTimerAction { FireAt = new() { Seconds = long.MaxValue } } })}\"",
        $"\"{Base64(new OrchestratorAction { CreateSubOrchestration = new CreateSubOrchestrationAction { Name = "Child" } })}\"",
        $"\"{Base64(new OrchestratorAction { CompleteOrchestration = new CompleteOrchestrationAction() })}\"",
    ];

    [Theory]
    [MemberData(nameof(UnusableAnswers))]
    public async Task An_answer_that_cannot_be_used_fails_the_orchestration_for_good(string? returned)
    {
        var app = new EngineApp(["Scripted"], []) { Turn = (_, _, _) => Task.FromResult(EngineApp.Returned(returned)) };
        await using var host = await EngineHost.Start(app);
        await host.Start("a", "Scripted");
        var end = await host.End("a");
        Assert.Equal((OrchestrationStatus.Failed, "Function 'Scripted' failed with an unhandled exception."), (end.Status, end.Output));
    }

    [Theory]
    [InlineData(InvocationFailure.Answer)]
    [InlineData(InvocationFailure.Connection)]
    public async Task An_app_that_breaks_down_in_a_turn_fails_the_orchestration_for_good(InvocationFailure failure)
    {
        var app = new EngineApp(["Scripted"], []) { Turn = (_, _, _) => Task.FromResult(new InvocationResult("boom") { Failure = failure }) };
        await using var host = await EngineHost.Start(app);
        await host.Start("a", "Scripted");
        Assert.Equal(OrchestrationStatus.Failed, (await host.End("a")).Status);
    }

    [Theory]
    [InlineData(InvocationFailure.Timeout)]
    [InlineData(InvocationFailure.Restart)]
    public async Task A_turn_that_was_cut_off_by_a_timeout_its_own_or_anothers_is_played_again(InvocationFailure failure)
    {
        var app = new ScriptedApp(new Script());
        var (play, tries) = (app.App.Turn, 0);
        app.App.Turn = (name, request, ct) => ++tries < 3
            ? Task.FromResult(new InvocationResult("too long") { Failure = failure })
            : play(name, request, ct);
        await using var host = await EngineHost.Start(app.App, new ImpatientTimeProvider());
        await host.Start("a", "Scripted");
        Assert.Equal(OrchestrationStatus.Completed, (await host.End("a")).Status);
        Assert.All(app.App.Turns, t => Assert.Empty(t.PastEvents));
    }

    [Fact]
    public async Task A_turn_that_never_comes_to_an_end_is_played_after_growing_pauses_and_then_given_up()
    {
        var clock = new ImpatientTimeProvider();
        var app = new EngineApp(["Scripted"], [])
        {
            Turn = (_, _, _) => Task.FromResult(new InvocationResult("too long") { Failure = InvocationFailure.Timeout }),
        };
        await using var host = await EngineHost.Start(app, clock);
        await host.Start("a", "Scripted");
        var end = await host.End("a");
        Assert.Equal(
            (OrchestrationStatus.Failed, "Orchestration 'Scripted' is given up: its turn was played 8 times and came to no end."),
            (end.Status, end.Output));
        Assert.Equal(8, app.Turns.Count);
        Assert.Equal([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0], clock.Waits.Select(w => w.TotalSeconds).Where(s => s >= 1));
    }

    [Fact]
    public async Task A_turn_that_the_app_cannot_play_now_is_played_again()
    {
        var app = new ScriptedApp(new Script());
        var (play, tries) = (app.App.Turn, 0);
        var notNow = Complete(OrchestrationStatus.Failed);
        notNow.Actions[0].CompleteOrchestration.FailureDetails = new TaskFailureDetails
        {
            InnerFailure = new TaskFailureDetails { ErrorType = "System.OutOfMemoryException" },
        };
        app.App.Turn = (name, request, ct) => ++tries < 2 ? Task.FromResult(EngineApp.Answer(notNow)) : play(name, request, ct);
        await using var host = await EngineHost.Start(app.App);
        await host.Start("a", "Scripted");
        Assert.Equal(OrchestrationStatus.Completed, (await host.End("a")).Status);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(300, false)]
    public async Task A_result_that_is_nested_deep_harms_at_most_its_own_activity(int depth, bool isTaken)
    {
        var app = new ScriptedApp(new Script(new Step.Activities(Echo)));
        app.App.Activity = (_, _) => Task.FromResult(EngineApp.Returned(new string('[', depth) + new string(']', depth)));
        await using var host = await EngineHost.Start(app.App);
        await host.Start("a", "Scripted");
        await host.End("a");
        Assert.Equal(isTaken, app.App.Turns[^1].NewEvents.Any(e => e.TaskCompleted is not null));
    }

    [Fact]
    public async Task An_unknown_activity_has_failed()
    {
        var app = new ScriptedApp(new Script(new Step.Activities(["Nothing"])));
        await using var host = await EngineHost.Start(app.App);
        await host.Start("a", "Scripted");
        await host.End("a");
        var failure = app.App.Turns[^1].NewEvents.Single(e => e.TaskFailed is not null).TaskFailed.FailureDetails;
        Assert.Equal("The function 'Nothing' doesn't exist, is disabled, or is not an activity function.", failure.ErrorMessage);
    }

    [Fact]
    public async Task An_activity_whose_time_is_up_again_and_again_is_given_up()
    {
        var app = new ScriptedApp(new Script(new Step.Activities(Echo)));
        app.App.Activity = (_, _) => Task.FromResult(new InvocationResult("too long") { Failure = InvocationFailure.Timeout });
        await using var host = await EngineHost.Start(app.App);
        await host.Start("a", "Scripted");
        await host.End("a");
        Assert.Equal(5, app.App.Activities.Count);
        var failure = app.App.Turns[^1].NewEvents.Single(e => e.TaskFailed is not null).TaskFailed.FailureDetails;
        Assert.Equal("Activity 'Echo' is given up.", failure.ErrorMessage);
    }

    [Fact]
    public async Task An_activity_that_anothers_timeout_cut_off_runs_again()
    {
        var app = new ScriptedApp(new Script(new Step.Activities(Echo)));
        app.App.Activity = (_, _) => Task.FromResult(app.App.Activities.Count == 1
            ? new InvocationResult("cut off") { Failure = InvocationFailure.Restart }
            : EngineApp.Returned("1"));
        await using var host = await EngineHost.Start(app.App);
        await host.Start("a", "Scripted");
        await host.End("a");
        Assert.Contains(app.App.Turns[^1].NewEvents, e => e.TaskCompleted is not null);
    }

    [Fact]
    public async Task A_running_instance_is_replaced_where_the_settings_allow_it()
    {
        var app = new ScriptedApp(new Script(new Step.Events(1)));
        await using var host = await EngineHost.Start(app.App, settings: new DurableSettings("code") { ReplacesRunningInstances = true });
        await host.Start("a", "Scripted", "1");
        await Eventually.Holds(() => app.App.Turns.Count, turns => turns == 1);
        await host.Start("a", "Scripted", "2");
        await host.Engine.Raise("a", "go", null, CancellationToken.None);
        Assert.Equal("2", (await host.End("a")).Output);
        Assert.Equal(1, host.Count("durable_instances"));
    }

    [Fact]
    public async Task What_has_an_instance_of_its_own_is_one_turn_at_a_time()
    {
        var (running, most) = (0, 0);
        var raised = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var app = new EngineApp(["Scripted"], [])
        {
            Turn = async (_, request, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await raised.Task; // until then every event could begin a turn of its own
                Interlocked.Decrement(ref running);
                var events = request.PastEvents.Concat(request.NewEvents).Count(e => e.EventRaised is not null);
                return EngineApp.Answer(events == 200 ? Complete(OrchestrationStatus.Completed) : new OrchestratorResponse());
            },
        };
        await using var host = await EngineHost.Start(app);
        await host.Start("a", "Scripted");
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => host.Engine.Raise("a", $"e{i}", null, CancellationToken.None)));
        raised.SetResult();
        await host.End("a");
        Assert.Equal(1, most);
    }

    private static OrchestratorResponse Complete(OrchestrationStatus status) => new()
    {
        Actions = { new OrchestratorAction { Id = 100, CompleteOrchestration = new CompleteOrchestrationAction { OrchestrationStatus = status } } },
    };

    private static string Base64(OrchestratorAction action) =>
        Convert.ToBase64String(Google.Protobuf.MessageExtensions.ToByteArray(new OrchestratorResponse { Actions = { action } }));
}

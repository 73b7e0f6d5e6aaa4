using Hexabase.Tests.Support.Durable;
using Hexabase.Worker.Durable;

namespace Hexabase.Tests.Durable;

/// <summary>Events from outside, and orders to an orchestration: continue as new, suspend, resume, terminate.</summary>
public sealed class ReplayLifecycleTests
{
    private const string Id = "it";

    private readonly OrchestrationHost host = new();

    [Fact]
    public async Task Events_wait_for_who_reads_them_in_the_order_they_came()
    {
        host.AddOrchestrator<object?, string>("Read", async (context, _) =>
        {
            await context.WaitForExternalEvent<string>("open");
            return await context.WaitForExternalEvent<string>("letter") + await context.WaitForExternalEvent<string>("LETTER");
        });
        var instance = await host.Start("Read", id: Id);
        await host.Raise(Id, "letter", "a");
        await host.Raise(Id, "Letter", "b");
        await host.Raise(Id, "OPEN");
        Assert.Equal("ab", instance.OutputAs<string>());
    }

    [Fact]
    public async Task Of_several_who_wait_the_newest_is_served_first()
    {
        host.AddOrchestrator<object?, string[]>("Read", (context, _) =>
            Task.WhenAll(context.WaitForExternalEvent<string>("letter"), context.WaitForExternalEvent<string>("letter")));
        var instance = await host.Start("Read", id: Id);
        await host.Raise(Id, "letter", "first");
        await host.Raise(Id, "letter", "second");
        Assert.Equal(["second", "first"], instance.OutputAs<string[]>());
    }

    [Fact]
    public async Task Who_has_given_up_waiting_takes_no_event_away()
    {
        host.AddOrchestrator<object?, string>("Read", async (context, _) =>
        {
            await Assert.ThrowsAsync<TaskCanceledException>(() => context.WaitForExternalEvent<string>("letter", TimeSpan.FromHours(1)));
            return await context.WaitForExternalEvent<string>("letter");
        });
        var instance = await host.Start("Read", id: Id);
        await host.Advance(TimeSpan.FromHours(2));
        await host.Raise(Id, "letter", "late");
        Assert.Equal("late", instance.OutputAs<string>());
    }

    [Fact]
    public async Task An_event_that_has_come_already_needs_no_timer()
    {
        host.AddOrchestrator<object?, string>("Read", async (context, _) =>
        {
            await context.WaitForExternalEvent<string>("open");
            return await context.WaitForExternalEvent<string>("letter", TimeSpan.FromHours(1));
        });
        var instance = await host.Start("Read", id: Id);
        await host.Raise(Id, "letter", "early");
        await host.Raise(Id, "open");
        Assert.Equal("early", instance.OutputAs<string>());
        Assert.DoesNotContain(instance.History, e => e.TimerCreated is not null);
    }

    [Fact]
    public async Task A_wait_can_be_cancelled_by_the_code()
    {
        host.AddOrchestrator<object?, bool>("Read", async (context, _) =>
        {
            using var enough = new CancellationTokenSource();
            var letter = context.WaitForExternalEvent<string>("letter", enough.Token);
            var wanted = context.WaitForExternalEvent<string>("letter", TimeSpan.FromHours(1), enough.Token);
            await context.WaitForExternalEvent<string>("enough");
#pragma warning disable CA1849, MA0042 // Cancelling goes on where it is asked for.
            enough.Cancel();
#pragma warning restore CA1849, MA0042
            return letter.IsCanceled && wanted.IsCanceled;
        });
        var instance = await host.Start("Read", id: Id);
        await host.Raise(Id, "enough");
        Assert.True(instance.OutputAs<bool>());
    }

    [Theory]
    [InlineData(true, new[] { "b1", "a1", "b2", "a2" })]
    [InlineData(false, new[] { "b2", "a2" })]
    public async Task Unread_events_go_on_with_the_next_execution_if_it_is_to_have_them(bool keep, string[] letters)
    {
        host.AddOrchestrator<bool, string[]>("Read", async (context, isSecond) =>
        {
            await context.WaitForExternalEvent<string>("open");
            if (isSecond)
                return await Task.WhenAll(letters.Select(letter => context.WaitForExternalEvent<string>(letter[..1])));
            context.ContinueAsNew(newInput: true, keep);
            return [];
        });
        var instance = await host.Start("Read", id: Id);
        await host.Raise(Id, "b", "b1");
        await host.Raise(Id, "a", "a1");
        await host.Raise(Id, "open");
        await host.Raise(Id, "b", "b2");
        await host.Raise(Id, "a", "a2");
        await host.Raise(Id, "open");
        Assert.Equal(letters, instance.OutputAs<string[]>());
    }

    [Fact]
    public async Task Steps_of_one_execution_mean_nothing_to_the_next()
    {
        host.AddActivity<string?, string>("Late", _ => "of the execution before");
        host.AddActivity<string?, string>("Own", _ => "own");
        host.AddOrchestrator<bool, string>("Again", async (context, isSecond) =>
        {
            if (isSecond)
                return await context.CallActivityAsync<string>("Own");
            var late = context.CallActivityAsync<string>("Late");
            await Task.WhenAny(late, context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None));
            context.ContinueAsNew(newInput: true);
            return "";
        });
        Assert.Equal("own", (await host.Run("Again", input: false)).OutputAs<string>());
    }

    [Fact]
    public async Task Termination_ends_an_orchestration_whatever_it_waits_for()
    {
        host.AddOrchestrator<object?, string>("Wait", (context, _) => context.WaitForExternalEvent<string>("never"));
        var instance = await host.Start("Wait", id: Id);
        await host.Terminate(Id, "not needed");
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "not needed"), (instance.Status, instance.Output));
    }

    [Fact]
    public async Task Termination_ends_a_suspended_orchestration()
    {
        host.AddOrchestrator<object?, string>("Wait", (context, _) => context.WaitForExternalEvent<string>("never"));
        var instance = await host.Start("Wait", id: Id);
        await host.Suspend(Id);
        await host.Terminate(Id, "not needed");
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, instance.Status);
    }

    [Fact]
    public async Task Termination_ends_an_orchestration_that_begins_again_in_the_same_turn()
    {
        host.AddOrchestrator<object?, string>("Again", async (context, _) =>
        {
            context.ContinueAsNew();
            return await context.WaitForExternalEvent<string>("next");
        });
        var instance = await host.Start("Again", id: Id);
        host.Post(Id, new() { EventRaised = new() { Name = "next" } });
        host.Post(Id, new() { ExecutionTerminated = new() { Input = "enough" } });
        await host.Work();
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, instance.Status);
    }

    [Fact]
    public async Task While_suspended_nothing_is_asked_for_and_afterwards_everything_happens_in_order()
    {
        host.AddActivity<string?, string>("Do", text => $"did {text}");
        host.AddOrchestrator<object?, string>("Wait", async (context, _) =>
            await context.CallActivityAsync<string>("Do", await context.WaitForExternalEvent<string>("go")
                + await context.WaitForExternalEvent<string>("go")));
        var instance = await host.Start("Wait", id: Id);
        await host.Suspend(Id);
        await host.Suspend(Id);
        await host.Raise(Id, "go", "a");
        await host.Raise(Id, "go", "b");
        Assert.Empty(host.Calls);
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, instance.Status);
        await host.Resume(Id);
        Assert.Equal("did ab", instance.OutputAs<string>());
    }

    [Fact]
    public async Task What_was_asked_for_in_the_turn_of_the_suspension_is_done_once_it_is_resumed()
    {
        host.AddActivity<string?, string>("Do", _ => "done");
        host.AddOrchestrator<object?, string>("Wait", async (context, _) =>
        {
            await context.WaitForExternalEvent<string>("go");
            return await context.CallActivityAsync<string>("Do");
        });
        var instance = await host.Start("Wait", id: Id);
        host.Post(Id, new() { EventRaised = new() { Name = "go" } });
        await host.Suspend(Id);
        Assert.Empty(host.Calls);
        await host.Resume(Id);
        Assert.Equal("done", instance.OutputAs<string>());
        Assert.Single(host.Calls);
    }

    [Fact]
    public async Task An_event_can_be_sent_to_another_orchestration()
    {
        host.AddOrchestrator<object?, string>("Receive", (context, _) => context.WaitForExternalEvent<string>("letter"));
        host.AddOrchestrator<string, object?>("Send", (context, to) =>
        {
            context.SendEvent(to, "letter", "hello");
            return Task.FromResult<object?>(null);
        });
        var receiver = await host.Start("Receive", id: Id);
        await host.Run("Send", Id);
        Assert.Equal("hello", receiver.OutputAs<string>());
    }

    [Fact]
    public async Task A_terminated_sub_orchestration_has_failed_for_who_called_it()
    {
        host.AddOrchestrator<object?, string>("Child", (context, _) => context.WaitForExternalEvent<string>("never"));
        host.AddOrchestrator<object?, string>("Parent", async (context, _) =>
        {
            var failure = await Assert.ThrowsAsync<TaskFailedException>(() =>
                context.CallSubOrchestratorAsync<string>("Child", options: new TaskOptions().WithInstanceId("child")));
            return failure.FailureDetails.ErrorMessage;
        });
        var parent = await host.Start("Parent");
        await host.Terminate("child", "not needed");
        Assert.Equal("not needed", parent.OutputAs<string>());
    }
}

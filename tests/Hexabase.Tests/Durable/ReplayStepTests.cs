using System.Text.Json;
using Hexabase.Durable;
using Hexabase.Tests.Support.Durable;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Replay;
using Microsoft.Extensions.Logging.Abstractions;
using OrchestrationInstance = Hexabase.Tests.Support.Durable.OrchestrationInstance;

namespace Hexabase.Tests.Durable;

/// <summary>Activities, sub-orchestrations and timers, as the code of an orchestration sees them.</summary>
public sealed class ReplayStepTests
{
    private readonly OrchestrationHost host = new();

    [Fact]
    public async Task Nothing_in_is_the_default_value_and_null_is_nothing()
    {
        host.AddActivity<int, string?>("Number", n => n == 0 ? null : "some");
        Assert.Null((await Run<string?>(context => context.CallActivityAsync<string?>("Number"))).Output);
    }

    [Fact]
    public async Task How_an_activity_failed_reaches_the_code_with_its_causes()
    {
        host.AddActivity<string, string>("Pay", _ => throw new InvalidOperationException("no", new TimeoutException("slow")));
        var failure = await FailureOf(context => context.CallActivityAsync("Pay", "x"));
        Assert.Equal(
            new("System.InvalidOperationException", "no", InnerFailure: new("System.TimeoutException", "slow")), failure.FailureDetails);
        Assert.Equal(("Pay", 0), (failure.TaskName, failure.TaskId));
    }

    [Fact]
    public async Task What_the_platform_says_of_a_dead_activity_reaches_the_code()
    {
        Assert.Equal("There is no activity 'Unknown'.", (await FailureOf(context => context.CallActivityAsync("Unknown"))).FailureDetails.ErrorMessage);
    }

    [Fact]
    public async Task A_failed_activity_is_tried_again_as_the_policy_says()
    {
        List<TimeSpan> tries = [];
        var began = host.Clock.GetUtcNow();
        host.AddActivity<string?, string>("Pay", _ =>
        {
            tries.Add(host.Clock.GetUtcNow() - began);
            throw new TimeoutException("slow");
        });
        var failure = await FailureOf(context => context.CallActivityAsync(
            "Pay", options: TaskOptions.FromRetryPolicy(new(4, TimeSpan.FromSeconds(5), 2, TimeSpan.FromSeconds(12)))));
        Assert.Equal([0, 5, 15, 27], tries.Select(t => t.TotalSeconds));
        Assert.Equal(6, failure.TaskId);
    }

    [Fact]
    public async Task A_failure_for_good_is_not_tried_again()
    {
        host.AddActivity<string?, string>("Pay", _ => throw new NonRetriableTaskException("declined"));
        await FailureOf(context => context.CallActivityAsync("Pay", options: new(new RetryPolicy(3, TimeSpan.FromSeconds(5)))));
        Assert.Single(host.Calls);
    }

    [Fact]
    public async Task A_sub_orchestration_that_failed_for_good_is_not_tried_again()
    {
        host.AddActivity<string?, string>("Pay", _ => throw new NonRetriableTaskException("declined"));
        host.AddOrchestrator<object?, string>("Child", (context, _) => context.CallActivityAsync<string>("Pay"));
        var failure = await FailureOf(context => context.CallSubOrchestratorAsync<string>(
            "Child", options: new(new RetryPolicy(3, TimeSpan.FromSeconds(5)))));
        Assert.Single(host.Calls);
        Assert.Equal(typeof(TaskFailedException).FullName, failure.FailureDetails.ErrorType);
        Assert.Equal(typeof(NonRetriableTaskException).FullName, failure.FailureDetails.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task Every_try_of_a_sub_orchestration_is_an_instance_of_its_own_unless_an_id_is_chosen()
    {
        List<string> children = [];
        host.AddOrchestrator<object?, string>("Child", (context, _) =>
        {
            children.Add(context.InstanceId);
            throw new TimeoutException("slow");
        });
        var options = TaskOptions.FromRetryPolicy(new(2, TimeSpan.FromSeconds(5)));
        await FailureOf(context => context.CallSubOrchestratorAsync<string>("Child", options: options));
        await FailureOf(context => context.CallSubOrchestratorAsync<string>("Child", options: options.WithInstanceId("chosen")));
        Assert.Equal(4, children.Count);
        Assert.Equal(2, children.Take(2).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(["chosen", "chosen"], children.Skip(2));
    }

    [Fact]
    public async Task A_result_that_is_not_what_was_asked_for_fails_the_orchestration()
    {
        host.AddActivity<string?, string>("Text", _ => "text");
        Assert.Equal(typeof(JsonException).FullName, (await Run<int>(context => context.CallActivityAsync<int>("Text"))).Failure!.ErrorType);
    }

    [Fact] // Azure Storage takes timers of at most six days.
    public async Task A_long_timer_is_made_of_pieces_of_three_days()
    {
        var began = host.Clock.GetUtcNow();
        var slept = await Run<int>(async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(7), CancellationToken.None);
            return 0;
        });
        Assert.Equal(
            [3, 6, 7],
            slept.History.Where(e => e.TimerCreated is not null).Select(e => (e.TimerCreated.FireAt.ToDateTimeOffset() - began).TotalDays));
        Assert.Equal(TimeSpan.FromDays(7), host.Clock.GetUtcNow() - began);
    }

    [Fact]
    public async Task A_timer_of_the_past_fires_at_once()
    {
        var began = host.Clock.GetUtcNow();
        await Run<int>(async context =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddDays(-1), CancellationToken.None);
            return 0;
        });
        Assert.Equal(began, host.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_local_time_is_no_time_for_a_timer() => Assert.Equal(
        typeof(ArgumentException).FullName,
        (await Run<int>(async context =>
        {
            await context.CreateTimer(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Local), CancellationToken.None);
            return 0;
        })).Failure!.ErrorType);

    [Fact]
    public async Task Outcomes_that_come_twice_or_of_unknown_steps_are_ignored()
    {
        host.AddActivity<string?, string>("A", _ => "a");
        host.AddOrchestrator<object?, string>("Wait", async (context, _) =>
            await context.CallActivityAsync<string>("A") + await context.WaitForExternalEvent<string>("b"));
        var instance = await host.Start("Wait", id: "it");
        host.Post("it", new() { TaskCompleted = new() { TaskScheduledId = 0, Result = "\"again\"" } });
        host.Post("it", new() { TimerFired = new() { TimerId = -100 } });
        host.Post("it", new() { TaskFailed = new() { TaskScheduledId = 77 } });
        await host.Raise("it", "b", "b");
        Assert.Equal("ab", instance.OutputAs<string>());
    }

    [Fact]
    public async Task What_nobody_waits_for_is_done_although_the_code_has_ended()
    {
        host.AddActivity<string?, string>("Tell", _ => "told");
        var ended = await Run<string>(context =>
        {
            _ = context.CallActivityAsync("Tell");
            return Task.FromResult("ended");
        });
        Assert.Equal("ended", ended.OutputAs<string>());
        Assert.Equal("Tell", Assert.Single(host.Calls).Name);
    }

    [Fact]
    public async Task Input_that_is_not_what_the_code_takes_fails_the_orchestration()
    {
        host.AddOrchestrator<int, int>("Count", (_, n) => Task.FromResult(n));
        Assert.Equal(typeof(JsonException).FullName, (await host.Run("Count", "many")).Failure!.ErrorType);
    }

    [Fact]
    public async Task An_unknown_orchestration_fails() =>
        Assert.Equal("The app has no orchestration 'Unknown'.", (await host.Run("Unknown")).Failure!.ErrorMessage);

    [Fact]
    public void A_history_without_a_start_is_answered_with_a_failure()
    {
        var answer = OrchestrationReplay.Run(new() { InstanceId = "it" }, _ => null, JsonSerializerOptions.Web, NullLoggerFactory.Instance);
        Assert.Equal(OrchestrationStatus.Failed, Assert.Single(answer.Actions).CompleteOrchestration.OrchestrationStatus);
    }

    [Fact]
    public async Task The_custom_status_is_what_was_set_last()
    {
        host.AddActivity<string?, string>("A", _ => "a");
        host.AddOrchestrator<object?, string>("Tell", async (context, _) =>
        {
            context.SetCustomStatus(new { Step = 1 });
            await context.CallActivityAsync("A");
            context.SetCustomStatus(new { Step = 2 });
            await context.WaitForExternalEvent<string>("one");
            return await context.WaitForExternalEvent<string>("two");
        });
        var instance = await host.Start("Tell", id: "it");
        await host.Raise("it", "one", "1");
        Assert.Equal("""{"step":2}""", instance.CustomStatus);
    }

    private async Task<OrchestrationInstance> Run<T>(Func<TaskOrchestrationContext, Task<T>> code)
    {
        host.AddOrchestrator<object?, T>($"Code {host.Worked}", (context, _) => code(context));
        return await host.Run($"Code {host.Worked}");
    }

    /// <summary>The exception that the code of an orchestration meets.</summary>
    private async Task<TaskFailedException> FailureOf(Func<TaskOrchestrationContext, Task> code)
    {
        TaskFailedException? met = null;
        await Run<int>(async context =>
        {
            met = await Assert.ThrowsAsync<TaskFailedException>(() => code(context));
            return 0;
        });
        return met!;
    }
}

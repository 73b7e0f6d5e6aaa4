using Hexabase.Tests.Support.Durable;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Replay;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Durable;

/// <summary>The code of an orchestration does the same at every replay, or is told that it does not.</summary>
public sealed class ReplayDeterminismTests
{
    private const string NonDeterministic = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";

    private readonly List<string> said = [];

    [Fact]
    public async Task Another_activity_than_the_history_has_is_said_by_its_step_and_both_names()
    {
        var failure = await Deploy(
            old: async context =>
            {
                await context.CallActivityAsync("Reserve");
                await context.CallActivityAsync("Charge");
            },
            changed: async context =>
            {
                await context.CallActivityAsync("Reserve");
                await context.CallActivityAsync("Ship");
            });
        Assert.Equal(NonDeterministic, failure!.ErrorType);
        Assert.StartsWith(
            "Step 1 differs: by the history it is the activity 'Charge', but the code now asks for the activity 'Ship'.",
            failure.ErrorMessage,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_kind_of_step_than_the_history_has_is_said() => Assert.StartsWith(
        "Step 0 differs: by the history it is the activity 'Charge', but the code now asks for a timer.",
        (await Deploy(
            old: context => context.CallActivityAsync("Charge"),
            changed: context => context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None)))!.ErrorMessage,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_step_that_the_code_does_not_take_any_more_is_said() => Assert.StartsWith(
        "Step 0 differs: by the history it is the sub-orchestration 'Child', but the code now has not asked for that step.",
        (await Deploy(
            old: context => context.CallSubOrchestratorAsync<string>("Child"),
            changed: context => context.WaitForExternalEvent<string>("approval")))!.ErrorMessage,
        StringComparison.Ordinal);

    [Fact]
    public async Task Nothing_that_changed_code_asks_for_is_done()
    {
        var host = Host();
        var changed = false;
        host.AddOrchestrator<object?, object?>("Changing", async (context, _) =>
        {
            if (changed)
                context.SendEvent("Other", "surprise");
            await context.WaitForExternalEvent<string>("go on");
            await (changed ? context.CallActivityAsync("Ship") : context.CallActivityAsync("Charge"));
            await context.WaitForExternalEvent<string>("end");
            return null;
        });
        await host.Start("Changing", id: "it");
        await host.Raise("it", "go on");
        changed = true;
        await host.Raise("it", "end");
        Assert.Equal(["Charge"], host.Calls.Select(call => call.Name));
    }

    [Fact]
    public async Task Names_are_compared_without_case() => Assert.Null(await Deploy(
        old: context => context.CallActivityAsync("charge"),
        changed: context => context.CallActivityAsync("CHARGE")));

    [Fact]
    public async Task Code_may_be_changed_after_the_last_step_of_the_history() => Assert.Null(await Deploy(
        old: context => context.CallActivityAsync("Charge"),
        changed: async context =>
        {
            await context.CallActivityAsync("Charge");
            await context.CallActivityAsync("Ship");
        }));

    [Fact] // durable-custom-handler.md §7.6
    public void Guids_follow_from_instance_time_and_count()
    {
        Assert.Equal(Guid.Parse("66041562-5c7f-515c-896a-8378a9974426"), DeterministicGuid.Of("order-42_2026-01-15T00:00:00.0000000Z_0"));
        Assert.Equal(Guid.Parse("07d7af97-fe6c-54e9-b02c-fb06bf874603"), DeterministicGuid.Of("order-42_2026-01-15T00:00:00.0000000Z_1"));
    }

    [Fact]
    public async Task Guids_and_times_are_the_same_at_every_replay()
    {
        var host = Host();
        List<(Guid, Guid, DateTime)> seen = [];
        host.AddOrchestrator<object?, object?>("Draw", async (context, _) =>
        {
            seen.Add((context.NewGuid(), context.NewGuid(), context.CurrentUtcDateTime));
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return null;
        });
        var began = host.Clock.GetUtcNow().UtcDateTime;
        await host.Run("Draw", id: "it");
        Assert.Equal(2, seen.Count);
        Assert.Equal(
            (DeterministicGuid.Of($"it_{began:o}_0"), DeterministicGuid.Of($"it_{began:o}_1"), began),
            Assert.Single(seen.Distinct()));
    }

    [Fact]
    public async Task The_clock_goes_with_the_turns()
    {
        var host = Host();
        host.AddOrchestrator<object?, TimeSpan>("Sleep", async (context, _) =>
        {
            var began = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return context.CurrentUtcDateTime - began;
        });
        Assert.Equal(TimeSpan.FromHours(1), (await host.Run("Sleep")).OutputAs<TimeSpan>());
    }

    [Fact]
    public async Task A_replay_safe_logger_says_everything_once()
    {
        var host = Host();
        host.AddOrchestrator<object?, object?>("Talk", async (context, _) =>
        {
            var talk = context.CreateReplaySafeLogger("talk");
            Say(talk, "one");
            await context.CallActivityAsync("Charge");
            Say(talk, "two");
            await context.CallActivityAsync("Charge");
            Say(talk, "three");
            return null;
        });
        await host.Run("Talk");
        Assert.Equal(["one", "two", "three"], said);

        static void Say(ILogger talk, string what) => talk.Log(LogLevel.Information, default, what, exception: null, (said, _) => said);
    }

    [Fact]
    public async Task Code_may_leave_its_context_at_an_await()
    {
        var host = Host();
        host.AddOrchestrator<object?, int>("Configured", async (context, _) =>
        {
            var threads = new HashSet<int> { Environment.CurrentManagedThreadId };
            await Inner(context).ConfigureAwait(false);
            threads.Add(Environment.CurrentManagedThreadId);
            await Task.WhenAny(Inner(context), context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None)).ConfigureAwait(false);
            threads.Add(Environment.CurrentManagedThreadId);
            return threads.Count;
        });
        Assert.Equal(1, (await host.Run("Configured")).OutputAs<int>());

        static async Task Inner(TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("Charge").ConfigureAwait(false);
            await context.CallActivityAsync("Charge");
        }
    }

    public static TheoryData<string, Func<Task>> Strangers => new()
    {
        { "a delay", () => Task.Delay(TimeSpan.FromDays(1)) },
        { "another thread", () => Task.Run(() => Thread.Sleep(1)) },
        { "a yield", async () => await Task.Yield() },
        { "what never ends", () => new TaskCompletionSource().Task },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task To_await_what_is_not_of_the_context_fails_the_orchestration(string what, Func<Task> stranger)
    {
        var host = Host();
        host.AddOrchestrator<object?, string>("Stray", async (context, _) =>
        {
            await stranger();
            return await context.CallActivityAsync<string>("Charge", what);
        });
        AssertStrayed(await host.Run("Stray"));
    }

    [Fact]
    public async Task A_stranger_awaited_beside_a_step_fails_the_orchestration_once_that_is_done()
    {
        var host = Host();
        host.AddOrchestrator<object?, object?>("Stray", async (context, _) =>
        {
            var timer = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            await new TaskCompletionSource().Task;
            await timer;
            return null;
        });
        AssertStrayed(await host.Run("Stray"));
    }

    [Fact]
    public async Task To_use_the_context_on_another_thread_fails_the_orchestration()
    {
        var host = Host();
        Exception? thrown = null;
        host.AddOrchestrator<object?, object?>("Stray", async (context, _) =>
        {
            var other = new Thread(() => thrown = Record.Exception(() => context.SetCustomStatus("from elsewhere")));
            other.Start();
            other.Join();
            await context.CallActivityAsync("Charge");
            return null;
        });
        AssertStrayed(await host.Run("Stray"));
        Assert.IsType<ForeignAwaitException>(thrown);
        Assert.Empty(host.Calls);
    }

    private static void AssertStrayed(OrchestrationInstance instance)
    {
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.Status);
        Assert.Equal(typeof(ForeignAwaitException).FullName, instance.Failure!.ErrorType);
    }

    private OrchestrationHost Host()
    {
        var host = new OrchestrationHost(loggers: new ListLogger(said));
        foreach (var activity in new[] { "Reserve", "Charge", "Ship" })
            host.AddActivity<string?, string>(activity, _ => "done");
        return host.AddOrchestrator<object?, string>("Child", (_, _) => Task.FromResult("done"));
    }

    /// <summary>Deploys changed code while an instance of the old waits for an event after its steps.</summary>
    /// <returns>How it failed; null when it did not.</returns>
    private async Task<TaskFailureDetails?> Deploy(Func<TaskOrchestrationContext, Task> old, Func<TaskOrchestrationContext, Task> changed)
    {
        var host = Host();
        var code = old;
        host.AddOrchestrator<object?, object?>("Changing", async (context, _) =>
        {
            await code(context);
            await context.WaitForExternalEvent<string>("end");
            return null;
        });
        var instance = await host.Start("Changing", id: "it");
        Assert.False(instance.IsFinished);
        code = changed;
        await host.Raise("it", "end");
        Assert.True(instance.IsFinished);
        return instance.Failure;
    }

    private sealed class ListLogger(List<string> said) : ILoggerFactory, ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (said)
                said.Add(formatter(state, exception));
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}

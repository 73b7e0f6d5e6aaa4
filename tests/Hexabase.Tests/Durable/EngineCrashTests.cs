using Hexabase.Local.Durable;
using Hexabase.Local.Functions;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Durable;

/// <summary>What another process finds in the file when this one was killed.</summary>
public sealed class EngineCrashTests
{
    private static readonly string[] Echo = ["Echo"];

    private static readonly Func<ActivitySeen, CancellationToken, Task<InvocationResult>> Never = async (_, ct) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        return default;
    };

    [Fact]
    public async Task An_activity_that_was_cut_off_runs_again_and_the_orchestration_goes_on()
    {
        var killed = new ScriptedApp(new Script(new Step.Activities(Echo)));
        killed.App.Activity = Never;
        await using var host = await EngineHost.Start(killed.App);
        await host.Start("a", "Scripted", "1");
        await Eventually.Holds(() => killed.App.Activities.Count, running => running == 1);

        var app = new ScriptedApp(new Script(new Step.Activities(Echo)));
        await using var restarted = await host.StartAfterCrash(app.App);
        Assert.Equal("1", (await restarted.End("a")).Output);
        Assert.Single(app.App.Activities);
        Assert.Single(app.App.Turns);
    }

    [Fact]
    public async Task A_turn_that_was_cut_off_is_played_again_with_all_it_began_with()
    {
        var killed = new ScriptedApp(new Script(new Step.Events(2)));
        killed.App.Turn = async (_, _, ct) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            return default;
        };
        await using var host = await EngineHost.Start(killed.App);
        await host.Start("a", "Scripted");
        await Eventually.Holds(() => killed.App.Turns.Count, turns => turns == 1);
        await host.Engine.Raise("a", "one", null, CancellationToken.None);
        await host.Engine.Raise("a", "two", null, CancellationToken.None);

        var app = new ScriptedApp(new Script(new Step.Events(2)));
        await using var restarted = await host.StartAfterCrash(app.App);
        await restarted.End("a");
        var turn = Assert.Single(app.App.Turns);
        Assert.Equal(["one", "two"], turn.NewEvents.Select(e => e.EventRaised?.Name).OfType<string>());
    }

    [Fact]
    public async Task A_timer_whose_time_passed_while_nothing_ran_fires_at_the_next_start()
    {
        var script = new Script(new Step.Timer(TimeSpan.FromHours(1)));
        var clock = new ManualTimeProvider();
        await using var host = await EngineHost.Start(new ScriptedApp(script).App, clock);
        await host.Start("a", "Scripted");
        await Eventually.Holds(() => host.Count("durable_timers"), timers => timers == 1);
        await using var restarted = await host.StartAfterCrash(new ScriptedApp(script).App, new ManualTimeProvider(clock.GetUtcNow().AddDays(1)));
        await restarted.End("a");
    }

    [Fact]
    public async Task An_activity_that_is_cut_off_by_every_start_is_given_up_and_those_behind_it_run()
    {
        var settings = new DurableSettings(EngineHost.Code) { MaxConcurrentActivityFunctions = 1 };
        var script = new Script(new Step.Activities(["Echo", "Echo"]));
        var host = await EngineHost.Start(Deadly(script), settings: settings);
        await host.Start("a", "Scripted");
        for (var crash = 0; crash < 5; crash++)
        {
            await Eventually.Holds(() => ((EngineApp)host.App).Activities.Count, running => running == 1);
            var next = await host.StartAfterCrash(crash == 4 ? new ScriptedApp(script).App : Deadly(script), settings: settings);
            await host.DisposeAsync();
            host = next;
        }
        await host.End("a");
        var last = ((EngineApp)host.App).Turns.SelectMany(t => t.NewEvents).ToList();
        Assert.Equal(0, Assert.Single(last, e => e.TaskFailed is not null).TaskFailed.TaskScheduledId);
        Assert.Equal(1, Assert.Single(last, e => e.TaskCompleted is not null).TaskCompleted.TaskScheduledId);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Stopping_in_order_is_no_fault_of_the_activities_that_run()
    {
        var host = await EngineHost.Start(Deadly(new Script(new Step.Activities(Echo))));
        await host.Start("a", "Scripted");
        for (var stop = 0; stop < 6; stop++)
        {
            await Eventually.Holds(() => ((EngineApp)host.App).Activities.Count, running => running == 1);
            host = await host.StartAgain(stop == 5 ? new ScriptedApp(new Script(new Step.Activities(Echo))).App : Deadly(new Script(new Step.Activities(Echo))));
        }
        await host.End("a");
        Assert.Contains(((EngineApp)host.App).Turns.SelectMany(t => t.NewEvents), e => e.TaskCompleted is not null);
        await host.DisposeAsync();
    }

    private static EngineApp Deadly(Script script)
    {
        var app = new ScriptedApp(script).App;
        app.Activity = Never;
        return app;
    }
}

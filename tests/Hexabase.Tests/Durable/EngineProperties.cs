using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Durable;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Durable;

/// <summary>Whatever happens to the platform, every orchestration comes to its end once, and all that it called has run.</summary>
public sealed class EngineProperties
{
    private static readonly Gen<Step> Steps = Gen.Frequency(
        (4, from count in Gen.Choose(1, 4) select (Step)new Step.Activities([.. Enumerable.Repeat("Echo", count)])),
        (1, from milliseconds in Gen.Choose(0, 20) select (Step)new Step.Timer(TimeSpan.FromMilliseconds(milliseconds))),
        (1, Gen.Constant((Step)new Step.Child("child", "Child"))),
        (1, Gen.Constant((Step)new Step.Events(1))),
        (1, Gen.Constant((Step)new Step.CountDown())));

    private static readonly Arbitrary<Story> Stories = (
        from scripts in Gen.ArrayOf(Gen.ArrayOf(Steps, 4), 3)
        from incidents in Gen.ListOf(Gen.Elements(Incident.Pause, Incident.Restart, Incident.Crash), 5)
        select new Story([.. scripts.Select((s, i) => new Script([.. s.Select((step, j) => Own(step, i, j))]))], [.. incidents])).ToArbitrary();

    private enum Incident
    {
        Pause,
        Restart,
        Crash,
    }

    [Fact]
    public void Every_orchestration_ends_once_whatever_befalls_the_platform() =>
        Prop.ForAll(Stories, Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    private static async Task Holds(Story story)
    {
        var world = new World(story);
        var host = await EngineHost.Start(world.NewApp());
        for (var i = 0; i < story.Scripts.Count; i++)
        {
            await host.Start($"o{i}", "Scripted", "2");
            foreach (var _ in Enumerable.Range(0, 3 * story.Scripts[i].Steps.OfType<Step.Events>().Sum(e => e.Count)))
                await host.Engine.Raise($"o{i}", "go", null, CancellationToken.None);
        }
        foreach (var incident in story.Incidents)
        {
            await Task.Delay(3);
            if (incident == Incident.Restart)
            {
                host = await host.StartAgain(world.NewApp());
            }
            else if (incident == Incident.Crash)
            {
                var killed = host;
                host = await killed.StartAfterCrash(world.NewApp());
                await killed.DisposeAsync();
            }
        }
        for (var i = 0; i < story.Scripts.Count; i++)
            Assert.Equal(OrchestrationStatus.Completed, (await host.End($"o{i}")).Status);
        foreach (var table in new[] { "durable_messages", "durable_activities", "durable_timers" })
            await Eventually.Holds(() => host.Count(table), left => left == 0);
        foreach (var turn in world.Turns)
            AssertOrderly(turn);
        await host.DisposeAsync();
    }

    /// <summary>Whatever an orchestration is told, it is told once, and of nothing that it did not ask for.</summary>
    private static void AssertOrderly(OrchestratorRequest turn)
    {
        List<HistoryEvent> history = [.. turn.PastEvents, .. turn.NewEvents];
        Assert.Single(history, e => e.ExecutionStarted is not null);
        Assert.NotNull(turn.NewEvents[0].OrchestratorStarted);
        var asked = history.Where(e => e.EventId >= 0).Select(e => e.EventId).ToList();
        var told = history.Select(e => e.TaskCompleted?.TaskScheduledId ?? e.TimerFired?.TimerId ?? e.SubOrchestrationInstanceCompleted?.TaskScheduledId)
            .OfType<int>()
            .ToList();
        Assert.Equal(asked.Distinct(), asked);
        Assert.Equal(told.Distinct(), told);
        Assert.Subset(asked.ToHashSet(), told.ToHashSet());
        Assert.DoesNotContain(history, e => e.TaskFailed is not null || e.SubOrchestrationInstanceFailed is not null);
    }

    /// <summary>Children have ids of their own, and an orchestration that counts down does so at its end.</summary>
    private static Step Own(Step step, int script, int place) => step is Step.Child child ? child with { Id = $"c{script}-{place}" } : step;

    private sealed record Story(IReadOnlyList<Script> Scripts, IReadOnlyList<Incident> Incidents)
    {
        public override string ToString() => $"scripts: {string.Join(" | ", Scripts)}; incidents: {string.Join(", ", Incidents)}";
    }

    /// <summary>The apps of a story, of which one at a time is of this world: what a killed platform still does is not.</summary>
    private sealed class World(Story story)
    {
        private readonly ConcurrentQueue<OrchestratorRequest> turns = new();
        private volatile EngineApp? live;

        public IReadOnlyList<OrchestratorRequest> Turns => [.. turns];

        public EngineApp NewApp()
        {
            var app = new EngineApp(["Scripted", "Child"], ["Echo"]);
            app.Turn = async (name, request, ct) =>
            {
                await Here(app, ct);
                turns.Enqueue(request);
                var script = name == "Child" ? new Script(new Step.Activities(["Echo"])) : story.Scripts[request.InstanceId[1] - '0'];
                return EngineApp.Answer(ScriptedApp.Play(script, request));
            };
            app.Activity = async (activity, ct) =>
            {
                await Here(app, ct);
                return EngineApp.Returned(activity.Input);
            };
            live = app;
            return app;
        }

        private async Task Here(EngineApp app, CancellationToken ct)
        {
            await Task.Yield();
            if (live != app)
                await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        }
    }
}

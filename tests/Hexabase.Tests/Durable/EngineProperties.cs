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

    private static readonly Gen<Incident> Incidents =
        from isCrash in Gen.Elements(true, false) from calls in Gen.Choose(0, 12) select new Incident(isCrash, calls);

    private static readonly Arbitrary<Story> Stories = (
        from scripts in Gen.ArrayOf(Gen.ArrayOf(Steps, 4), 3)
        from incidents in Gen.ListOf(Incidents, 4) // each may cut the same activity off, which is given up after the fifth
        select new Story([.. scripts.Select((s, i) => new Script([.. s.Select((step, j) => Own(step, i, j))]))], [.. incidents])).ToArbitrary();

    [Fact]
    public void Every_orchestration_ends_once_whatever_befalls_the_platform() =>
        Prop.ForAll(Stories, Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    private static async Task Holds(Story story)
    {
        var world = new World(story);
        var host = await EngineHost.Start(world.NewApp(story.AnswersOfApp(0)));
        for (var i = 0; i < story.Scripts.Count; i++)
        {
            await host.Start($"o{i}", "Scripted", "2");
            foreach (var _ in Enumerable.Range(0, 3 * story.Scripts[i].Steps.OfType<Step.Events>().Sum(e => e.Count)))
                await host.Engine.Raise($"o{i}", "go", null, CancellationToken.None);
        }
        for (var i = 0; i < story.Incidents.Count; i++)
        {
            var before = host;
            await Eventually.Holds(
                () => world.Hangs || story.Scripts.Select((_, o) => before.Instances.Find($"o{o}")).All(o => o!.IsFinished), "the app hangs");
            var app = world.NewApp(story.AnswersOfApp(i + 1));
            host = story.Incidents[i].IsCrash ? await before.StartAfterCrash(app) : await before.StartAgain(app);
            if (story.Incidents[i].IsCrash)
                await before.DisposeAsync();
        }
        for (var i = 0; i < story.Scripts.Count; i++)
            Assert.Equal(OrchestrationStatus.Completed, (await host.End($"o{i}")).Status);
        foreach (var table in new[] { "durable_messages", "durable_activities", "durable_timers" })
            await Eventually.Holds(() => host.Count(table), left => left == 0);
        foreach (var turn in world.Turns)
        {
            Assert.NotNull(turn.NewEvents[0].OrchestratorStarted);
            AssertOrderly([.. turn.PastEvents, .. turn.NewEvents]);
        }
        await host.DisposeAsync();
    }

    /// <summary>Whatever an orchestration is told, it is told once, and of nothing that it did not ask for.</summary>
    internal static void AssertOrderly(IReadOnlyList<HistoryEvent> history)
    {
        Assert.Single(history, e => e.ExecutionStarted is not null);
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

    /// <param name="IsCrash">Else it is an orderly restart.</param>
    /// <param name="AfterCalls">So many the app answers; in the others it hangs until the incident.</param>
    private sealed record Incident(bool IsCrash, int AfterCalls);

    private sealed record Story(IReadOnlyList<Script> Scripts, IReadOnlyList<Incident> Incidents)
    {
        /// <summary>How many calls the app before an incident answers; the last app all of them.</summary>
        public int AnswersOfApp(int incident) => incident < Incidents.Count ? Incidents[incident].AfterCalls : int.MaxValue;

        public override string ToString() => $"scripts: {string.Join(" | ", Scripts)}; incidents: {string.Join(", ", Incidents)}";
    }

    /// <summary>The apps of a story, of which one at a time is of this world: what a killed platform still does is not.</summary>
    private sealed class World(Story story)
    {
        private readonly ConcurrentQueue<OrchestratorRequest> turns = new();
        private volatile EngineApp? live;
        private int answersLeft;

        /// <summary>Whether the app that lives has been called more often than it answers.</summary>
        public bool Hangs => Volatile.Read(ref answersLeft) < 0;

        public IReadOnlyList<OrchestratorRequest> Turns => [.. turns];

        public EngineApp NewApp(int answers)
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
            answersLeft = answers;
            live = app;
            return app;
        }

        private async Task Here(EngineApp app, CancellationToken ct)
        {
            await Task.Yield();
            if (live != app || Interlocked.Decrement(ref answersLeft) < 0)
                await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        }
    }
}

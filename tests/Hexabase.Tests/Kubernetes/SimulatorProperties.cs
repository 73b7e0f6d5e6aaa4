using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Local.Simulators.Kubernetes;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Kubernetes;

/// <summary>What holds of every rollout, whatever the timing.</summary>
public sealed class SimulatorProperties
{
    private const string Ns = "ws-1";

    private static readonly Gen<Rollout> Rollouts =
        from desired in Gen.Choose(0, 8)
        from surge in Gen.Choose(0, 8)
        from unavailable in Gen.Choose(surge == 0 ? 1 : 0, 8)
        from sizes in Gen.ListOf(Sizes, 3)
        from current in Sizes
        select new Rollout(desired, surge, Math.Min(unavailable, desired), current, [.. sizes]);

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (4, from ms in Gen.Choose(1, 2_500) select (Step)new Step.Wait(ms)),
        (2, from version in Gen.Choose(1, 3) select (Step)new Step.Update(version)),
        (1, from ms in Gen.Choose(1, 4_000) select (Step)new Step.StartTime(ms)),
        (1, from paused in Gen.Elements(true, false) select (Step)new Step.Pause(paused)),
        (1, Gen.Constant((Step)new Step.Crash())));

    private static readonly Arbitrary<Story> Stories = (
        from replicas in Gen.Choose(1, 6)
        from surge in Gen.Choose(0, 6)
        from unavailable in Gen.Choose(surge == 0 ? 1 : 0, 3)
        from steps in Gen.ListOf(Steps, 30)
        select new Story(replicas, surge, unavailable, [.. steps])).ToArbitrary();

    private static Gen<SetSize> Sizes =>
        from size in Gen.Choose(0, 8)
        from ready in Gen.Choose(0, size)
        select new SetSize(size, ready);

    [Fact]
    public void No_step_of_a_rollout_takes_a_ready_pod_that_is_needed() => Prop.ForAll(Rollouts.ToArbitrary(), rollout =>
    {
        var next = RollingUpdate.Next(rollout);
        var before = rollout.New.Ready + rollout.Old.Sum(s => s.Ready);
        // A set gives up what is not ready first.
        var after = Math.Min(rollout.New.Ready, next.New) + rollout.Old.Zip(next.Old, (set, size) => Math.Min(set.Ready, size)).Sum();
        var isScaledDown = rollout.New.Size > rollout.Desired;
        return isScaledDown || after >= Math.Min(before, rollout.Desired - rollout.MaxUnavailable);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_step_of_a_rollout_adds_beyond_the_surge() => Prop.ForAll(Rollouts.ToArbitrary(), rollout =>
    {
        var next = RollingUpdate.Next(rollout);
        var (before, after) = (rollout.New.Size + rollout.Old.Sum(s => s.Size), next.New + next.Old.Sum());
        return after <= Math.Max(before, rollout.Desired + rollout.MaxSurge) && next.New <= Math.Max(rollout.Desired, rollout.New.Size);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_rollout_whose_pods_all_get_ready_comes_to_its_end() => Prop.ForAll(Rollouts.ToArbitrary(), rollout =>
    {
        for (var step = 0; step < 100; step++)
        {
            var next = RollingUpdate.Next(rollout);
            rollout = rollout with { New = new SetSize(next.New, next.New), Old = [.. next.Old.Select(size => new SetSize(size, size))] };
        }
        return rollout.New.Size == rollout.Desired && rollout.Old.All(s => s.Size == 0);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Under_any_timing_a_deployment_keeps_its_ready_replicas_and_its_surge_also_when_the_host_is_killed() =>
        Prop.ForAll(Stories, Keeps).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public void What_there_is_does_not_depend_on_how_often_somebody_looked() =>
        Prop.ForAll(Stories, IsTheSame).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    private static async Task Keeps(Story story)
    {
        await using var told = new Told(story, looksOften: true);
        await told.Play();
        foreach (var (ready, pods) in told.Seen)
        {
            Assert.True(ready >= story.Replicas - Math.Min(story.Unavailable, story.Replicas), $"{ready} ready");
            Assert.True(pods <= story.Replicas + story.Surge, $"{pods} pods");
        }
        Assert.True(told.Lowest >= story.Replicas - Math.Min(story.Unavailable, story.Replicas), $"{told.Lowest} at the lowest");
    }

    private static async Task IsTheSame(Story story)
    {
        await using var often = new Told(story, looksOften: true);
        await using var seldom = new Told(story, looksOften: false);
        Assert.Equal(await often.Play(), await seldom.Play());
    }

    private sealed record Story(int Replicas, int Surge, int Unavailable, IReadOnlyList<Step> Steps)
    {
        public override string ToString() => $"{Replicas} replicas, surge {Surge}, unavailable {Unavailable}: {string.Join(", ", Steps)}";
    }

    private abstract record Step
    {
        public sealed record Wait(int Milliseconds) : Step;

        public sealed record Update(int Version) : Step;

        /// <summary>How long pods take from now on.</summary>
        public sealed record StartTime(int Milliseconds) : Step;

        public sealed record Pause(bool Paused) : Step;

        /// <summary>The host is killed: what counts is in the file.</summary>
        public sealed record Crash : Step;
    }

    /// <summary>A story as it went, from a deployment that is fully ready on.</summary>
    private sealed class Told(Story story, bool looksOften) : IAsyncDisposable
    {
        private readonly ManualTimeProvider clock = new();
        private readonly List<(TemporaryFolder Folder, SqliteDatabase Database, ClusterSimulator Cluster)> hosts = [];

        /// <summary>Ready pods, and all that are not ending, each time that somebody looked.</summary>
        public List<(int Ready, int Pods)> Seen { get; } = [];

        public int Lowest { get; private set; }

        private ClusterSimulator Cluster => hosts[^1].Cluster;

        /// <returns>All there is in the end.</returns>
        public async Task<string> Play()
        {
            Open(new TemporaryFolder());
            await Do(draft => new DemoApp(Ns, "web", story.Replicas).Deploy(draft));
            await Edit(spec =>
            {
                spec.Set(story.Surge, "strategy", "rollingUpdate", "maxSurge");
                spec.Set(story.Unavailable, "strategy", "rollingUpdate", "maxUnavailable");
            });
            clock.Advance(TimeSpan.FromSeconds(30));
            foreach (var step in story.Steps)
                await Take(step);
            return await Cluster.Run(
                draft =>
                {
                    Lowest = draft.State.Readiness[$"{Ns}/web"].Ready;
                    var all = draft.Everything.OrderBy(o => o.Uid, StringComparer.Ordinal);
                    return string.Join('\n', all.Select(o => $"{o.Body.ToJsonString()} {o.Due:O}"));
                },
                CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (folder, database, cluster) in hosts)
            {
                cluster.Dispose();
                await database.DisposeAsync();
                folder.Dispose();
            }
        }

        private Task Take(Step step) => step switch
        {
            Step.Wait wait => Wait(wait.Milliseconds),
            Step.Update update => Edit(
                spec => ((JsonObject)spec.At("template", "spec", "containers")![0]!)["image"] = $"web:{update.Version}"),
            Step.StartTime time => Do(draft => draft.Faults = draft.Faults with { PodStartSeconds = time.Milliseconds / 1000.0 }),
            Step.Pause pause => Edit(spec => spec["paused"] = pause.Paused),
            _ => Crash(),
        };

        private async Task Wait(int milliseconds)
        {
            for (var left = milliseconds; left > 0; left -= 500)
            {
                clock.Advance(TimeSpan.FromMilliseconds(Math.Min(left, 500)));
                if (looksOften)
                    await Look();
            }
        }

        private async Task Look() => Seen.Add(await Cluster.Run(
            draft =>
            {
                var pods = draft.All(ResourceType.Pod).Where(p => !p.IsTerminating).ToList();
                return (pods.Count(p => p.Is("Ready")), pods.Count);
            },
            CancellationToken.None));

        private Task Edit(Action<JsonObject> edit) =>
            Do(draft => draft.Change(draft.Find(ResourceType.Deployment, Ns, "web")!, body => edit((JsonObject)body["spec"]!)));

        private async Task Do(Action<Draft> work) => await Cluster.Run(
            draft =>
            {
                work(draft);
                return true;
            },
            CancellationToken.None);

        private Task Crash()
        {
            var copy = new TemporaryFolder();
            foreach (var path in Directory.GetFiles(hosts[^1].Folder.Path).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
                File.Copy(path, copy.File(Path.GetFileName(path)));
            Open(copy);
            return Task.CompletedTask;
        }

        private void Open(TemporaryFolder folder)
        {
            var database = SqliteDatabase.Open(folder.File("platform.db"), KubernetesSimulatorModule.Schema);
            hosts.Add((folder, database, new ClusterSimulator(database, clock)));
        }
    }
}

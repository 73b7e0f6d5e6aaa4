using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd;

/// <summary>Processes that die without warning: what was accepted is executed, and charged once.</summary>
public sealed class CrashTests
{
    private const int Accounts = 4;
    private const int RunsEach = 50;
    private const int Granted = 100;

    [Fact]
    public async Task Of_200_runs_under_SIGKILL_of_app_and_host_none_is_lost_and_none_is_charged_twice()
    {
        // On a slow machine every one of the seven kills may hit the same run, which must not count as given up.
        await using var platform = await PlatformProcess.Start(settings: ("Runs__MostAttempts", "10"));
        using var op = await Visitor.Operator(platform);
        var heavy = await HeavyCandles.Upload(op);
        var owners = await Task.WhenAll(Enumerable.Range(0, Accounts).Select(i => Owner.New(
            platform, op, new { reason = "test", plan = i % 2 == 0 ? "pro" : "starter", daily_runs = Granted, runs_per_minute = 100_000 })));
        var leftBefore = await Task.WhenAll(owners.Select(o => o.ComputeLeft()));

        using var kills = new KillsByProgress(platform);
        var accepted = await Task.WhenAll(owners.Select(owner => StartAll(platform, owner, heavy, kills)));
        var runs = owners.Zip(accepted).SelectMany(o => o.Second.Select(run => (Owner: o.First, Run: run))).ToList();
        foreach (var (owner, run) in runs)
        {
            var finished = await platform.Persist(() => owner.Visitor.Finished(run));
            Assert.Equal("succeeded", finished.GetProperty("status").GetString());
        }

        Assert.Equal(["app at 20", "host at 50", "app at 80", "host at 120", "app at 140", "both at 170", "app at 200, executing"], kills.Done);
        Assert.All(kills.UnansweredAfterEach, unanswered => Assert.True(unanswered > 0, $"A kill hit no request: {string.Join(", ", kills.UnansweredAfterEach)}"));
        Assert.Equal(Accounts * RunsEach, runs.Select(r => r.Run).Distinct(StringComparer.Ordinal).Count());
        foreach (var (owner, ids) in owners.Zip(accepted))
            foreach (var (number, id) in ids.Index())
                Assert.Equal(id, await owner.Run(number, DatasetOf(owner, number, heavy)));
        Assert.Equal(leftBefore.Select(left => left - RunsEach), await Task.WhenAll(owners.Select(o => o.ComputeLeft())));

        await Books.OutboxIsEmpty(platform);
        await platform.Stop();
        await using var documents = SqliteDocumentStore.Open(platform.Documents, Containers.All, TimeProvider.System);
        var stored = new List<Run>();
        foreach (var (owner, ids) in owners.Zip(accepted))
            stored.AddRange(await Books.Agree(documents, owner, ids, Granted));
        Assert.Contains(stored, run => run.Attempt > 1); // a kill hit computing
        foreach (var owner in owners)
            owner.Dispose();
    }

    private static string DatasetOf(Owner owner, int number, string heavy) => number == RunsEach - 1 ? heavy : owner.DatasetHash;

    /// <summary>One request after the other; the last one, which is the last of all in one of the accounts, is for a heavy run.</summary>
    private static async Task<IReadOnlyList<string>> StartAll(PlatformProcess platform, Owner owner, string heavy, KillsByProgress kills)
    {
        var accepted = new List<string>();
        for (var number = 0; number < RunsEach; number++)
        {
            var (asked, dataset) = (number, DatasetOf(owner, number, heavy));
            accepted.Add(await platform.Persist(() => owner.Run(asked, dataset)));
            await kills.AfterAccept(owner, accepted[^1]);
        }
        return accepted;
    }

    /// <summary>Kills as so many runs have been accepted, by the client that got the last of them, while the other clients go on.</summary>
    private sealed class KillsByProgress(PlatformProcess platform) : IDisposable
    {
        private readonly SemaphoreSlim oneAtATime = new(1);
        private readonly List<(string What, int Unanswered)> done = [];
        private int accepted;

        public IEnumerable<string> Done => done.Select(kill => kill.What);

        /// <summary>How many requests of the clients had no answer between a kill and the next.</summary>
        public IEnumerable<int> UnansweredAfterEach => done.Zip(done.Skip(1), (kill, next) => next.Unanswered - kill.Unanswered);

        public async Task AfterAccept(Owner owner, string run)
        {
            var progress = Interlocked.Increment(ref accepted);
            if (progress is not (20 or 50 or 80 or 120 or 140 or 170 or 200))
                return;
            await oneAtATime.WaitAsync();
            try
            {
                var unanswered = platform.Unanswered;
                done.Add(($"{await Kill(progress, owner, run)} at {progress}{(progress == 200 ? ", executing" : "")}", unanswered));
            }
            finally
            {
                oneAtATime.Release();
            }
        }

        public void Dispose() => oneAtATime.Dispose();

        private async Task<string> Kill(int progress, Owner owner, string run)
        {
            switch (progress)
            {
                case 50 or 120:
                    await platform.KillHost();
                    platform.StartAgain();
                    return "host";
                case 170:
                    await platform.KillBoth();
                    platform.StartAgain();
                    return "both";
                case 200:
                    await Eventually.Holds(
                        () => platform.Persist(async () => (await owner.Visitor.Get($"/api/run/{run}")).GetProperty("status").GetString()),
                        status => status != "queued",
                        within: TimeSpan.FromMinutes(2));
                    break;
            }
            await platform.KillApp();
            return "app";
        }
    }
}

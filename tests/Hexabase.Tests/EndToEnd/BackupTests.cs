using System.Net;
using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Documents;
using Hexabase.Local.Backup;
using Hexabase.Tests.EndToEnd.Workspaces;
using Hexabase.Tests.Support;
using Xunit.Abstractions;

namespace Hexabase.Tests.EndToEnd;

/// <summary>A platform that is saved while it works, and what becomes of it elsewhere.</summary>
public sealed class BackupTests(PlatformFixture fixture, ITestOutputHelper output) : IClassFixture<PlatformFixture>
{
    private const int Backups = 3;
    private const int Owners = 2;
    private const int MostRuns = 400;
    private const int Granted = 500;

    [Fact]
    public async Task A_platform_saved_under_load_goes_on_elsewhere_and_finishes_each_thing_once()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var platform = await PlatformProcess.Start(settings: QuickChanges.Settings);
        using var op = await Visitor.Operator(platform);
        var owners = await Task.WhenAll(Enumerable.Range(0, Owners).Select(_ => Owner.New(
            platform, op, new { reason = "test", plan = "pro", daily_runs = Granted, runs_per_minute = 100_000 })));

        var left = await Task.WhenAll(owners.Select(owner => owner.ComputeLeft()));

        using var enough = new CancellationTokenSource();
        var accepted = owners.Select(_ => new List<string>()).ToList();
        var load = Task.WhenAll(owners.Zip(accepted).Select(o => StartRuns(o.First, o.Second, enough.Token)));
        var taken = new List<Saved>();
        for (var number = 0; number < Backups; number++)
            taken.Add(await Save(platform, accepted, $"backup-{number}.tar.gz", new Random(seed + number)));
        await enough.CancelAsync();
        await load;

        foreach (var saved in taken)
            await saved.Tenant.Reaches(saved.Upgrade, "completed");
        await AssertFinishedOnce(platform, owners, left, accepted, taken);
        Assert.Equal(0, platform.Unanswered);
        await platform.Stop();
        foreach (var saved in taken)
        {
            await using var elsewhere = await platform.RestoredElsewhere(Path.Combine(platform.Folder, saved.File));
            await saved.Tenant.Reaches(saved.Upgrade, "completed");
            var there = await Task.WhenAll(owners.Select(owner => StoredRuns(elsewhere, owner)));
            output.WriteLine($"{saved.File}: {string.Join(" + ", saved.Accepted.Select(runs => runs.Count))} accepted before, {string.Join(" + ", there.Select(runs => runs.Count))} in it");
            foreach (var (before, runs) in saved.Accepted.Zip(there))
                Assert.Subset(runs.ToHashSet(StringComparer.Ordinal), before.ToHashSet(StringComparer.Ordinal));
            await AssertFinishedOnce(elsewhere, owners, left, there, [saved]);
            await elsewhere.Stop();
        }
        foreach (var owner in owners)
            owner.Dispose();
        foreach (var saved in taken)
            saved.Tenant.Dispose();
    }

    [Fact]
    public async Task A_backup_that_is_killed_leaves_no_file_and_a_platform_that_goes_on()
    {
        var platform = fixture.Platform;
        var file = Path.Combine(platform.Folder, "killed.tar.gz");
        using (var backup = platform.Begin("backup", file))
        {
            await Eventually.Holds(() => File.Exists(Path.Combine(file + ".partial", "documents.db")), "it has begun to copy");
            backup.Kill();
            await backup.WaitForExitAsync();
        }
        Assert.False(File.Exists(file));
        using var visitor = await fixture.SignedIn("after-kill");

        Assert.Equal((0, ""), await platform.Run("backup", file));
        await BackupArchive.Verify(file, default);
        Assert.False(Directory.Exists(file + ".partial"));
    }

    [Fact]
    public void Of_every_file_of_a_data_folder_it_is_decided_whether_it_is_copied()
    {
        var files = Directory.GetFileSystemEntries(Path.Combine(fixture.Platform.Folder, ".hexabase")).Select(file => Path.GetFileName(file)!);
        Assert.Equal([], files.Where(name => !StateFiles.AreCopied(name)
            && !StateFiles.NotCopied.Contains(name)
            && !StateFiles.Databases.Any(database => name == $"{database.Name}-wal" || name == $"{database.Name}-shm")));
    }

    [Fact]
    public async Task A_running_platform_s_folder_is_not_restored_into()
    {
        var platform = fixture.Platform;
        var (code, error) = await platform.Run("restore", "none.tar.gz");
        Assert.Equal(1, code);
        Assert.StartsWith($"{Path.Combine(platform.Folder, ".hexabase")} is not empty, and a platform may be running on it", error, StringComparison.Ordinal);
    }

    /// <summary>A backup, what had been accepted when it began, and an upgrade that was under way then.</summary>
    private sealed record Saved(string File, IReadOnlyList<IReadOnlyList<string>> Accepted, Tenant Tenant, string Upgrade);

    private static async Task<Saved> Save(
        PlatformProcess platform, List<List<string>> accepted, string file, Random random)
    {
        var tenant = await Tenant.New(platform);
        await new SimulatedCluster(platform).Deploy(tenant.Namespace, "web", 2);
        var upgrade = await tenant.Upgrade("pm_card_visa");
        await Task.Delay(random.Next(1_500));
        var before = accepted.Select(Copy).ToList();
        Assert.Equal((0, ""), await platform.Run("backup", file));
        return new Saved(file, before, tenant, upgrade);
    }

    private static IReadOnlyList<string> Copy(List<string> growing)
    {
        lock (growing)
            return [.. growing];
    }

    private static async Task StartRuns(Owner owner, List<string> accepted, CancellationToken enough)
    {
        for (var number = 0; number < MostRuns && !enough.IsCancellationRequested; number++)
        {
            var run = await owner.Run(number, owner.DatasetHash);
            lock (accepted)
                accepted.Add(run);
        }
    }

    /// <summary>All that was ever accepted there, but for the runs that came with the forks.</summary>
    private static async Task<IReadOnlyList<string>> StoredRuns(PlatformProcess platform, Owner owner)
    {
        await using var documents = SqliteDocumentStore.Open(platform.Documents, Containers.All, TimeProvider.System);
        return [.. (await Books.Runs(documents, owner)).Select(run => run.RunId).Where(run => run != owner.FirstRun)];
    }

    private static async Task AssertFinishedOnce(
        PlatformProcess platform, Owner[] owners, int[] left, IReadOnlyList<IReadOnlyList<string>> accepted, List<Saved> upgrades)
    {
        await owners[0].Visitor.PostFor("/admin/functions/ResendOutbox", new { }, HttpStatusCode.Accepted); // Its timer comes twice a minute.
        foreach (var (owner, runs) in owners.Zip(accepted))
        {
            foreach (var run in runs)
            {
                Assert.Equal("succeeded", (await owner.Visitor.Finished(run)).GetProperty("status").GetString());
                using var result = await owner.Visitor.GetReply($"/api/run/{run}/result");
                Assert.Equal(HttpStatusCode.OK, result.StatusCode);
            }
        }
        Assert.Equal(left.Zip(accepted, (before, runs) => before - runs.Count), await Task.WhenAll(owners.Select(owner => owner.ComputeLeft())));
        var stripe = new SimulatedStripe(platform);
        foreach (var saved in upgrades)
            Assert.Equal(Balance.OnePro, await stripe.Balance(saved.Tenant.AccountId));
        await Books.OutboxIsEmpty(platform);
        await using var documents = SqliteDocumentStore.Open(platform.Documents, Containers.All, TimeProvider.System);
        foreach (var (owner, runs) in owners.Zip(accepted))
            await Books.Agree(documents, owner, runs, Granted);
    }
}

using System.Diagnostics;
using System.Globalization;
using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Documents;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Stores;

/// <summary>A real process is killed while it commits: what it had acknowledged is there, and no batch is there in part.</summary>
public sealed class SqliteCrashTests
{
    internal const string Command = "commit-documents";
    private const int Committers = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public async Task What_was_acknowledged_survives_a_kill_and_nothing_is_half_done(int killAfter)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("documents.db");

        // Twice, so that the second start recovers what the first left behind.
        var acknowledged = new List<string>();
        for (var round = 0; round < 2; round++)
            acknowledged.AddRange(await RunAndKill(path, killAfter));

        Assert.True(acknowledged.Count >= 2 * (killAfter - 1));
        await using (var store = SqliteDocumentStore.Open(path, Containers.All, TimeProvider.System))
        {
            foreach (var id in acknowledged)
                Assert.NotNull(await store.Read<Line>(Containers.Accounts, PartitionOf(id), $"first:{id}", default));
            for (var i = 0; i < Committers; i++)
                Assert.Equal(await Ids(store, $"p{i}", "first:"), await Ids(store, $"p{i}", "second:"));
        }
        await using var file = SqliteDatabase.Open(path, schema: "");
        Assert.Equal("ok", file.Read(s => s.Scalar("pragma integrity_check", "")));
    }

    /// <summary>Commits pairs of documents from many tasks at once and prints the id of each pair that was acknowledged.</summary>
    internal static async Task<int> CommitUntilKilled(string path)
    {
        await using var store = SqliteDocumentStore.Open(path, Containers.All, TimeProvider.System);
        var run = Guid.NewGuid().ToString("n");
        await Task.WhenAll(Enumerable.Range(0, Committers).Select(i => Task.Run(async () =>
        {
            for (var n = 0; ; n++)
            {
                var id = $"p{i}:{run}:{n.ToString(CultureInfo.InvariantCulture)}";
                var batch = new DocumentBatch(Containers.Accounts, $"p{i}").Create($"first:{id}", new Line(id)).Create($"second:{id}", new Line(id));
                if ((await store.Commit(batch, default)).Succeeded)
                    await Console.Out.WriteLineAsync(id);
            }
        })));
        return 0;
    }

    private static async Task<List<string>> RunAndKill(string path, int killAfter)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(SqliteCrashTests).Assembly.Location, Command, path])
        {
            RedirectStandardOutput = true,
        })!;
        var acknowledged = new List<string>();
        try
        {
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } id)
            {
                acknowledged.Add(id);
                if (acknowledged.Count == killAfter)
                    process.Kill(); // SIGKILL; lines that are still in the pipe were acknowledged too.
            }
            await process.WaitForExitAsync();
        }
        finally
        {
            process.Kill();
        }

        // The last line may have been cut off while it was printed.
        return acknowledged[..^1];
    }

    private static async Task<IReadOnlyList<string>> Ids(SqliteDocumentStore store, string partition, string prefix)
    {
        var ids = new List<string>();
        var query = new PartitionQuery(Containers.Accounts, partition, prefix, 1_000);
        do
        {
            var page = await store.Query<Line>(query, default);
            ids.AddRange(page.Items.Select(d => d.Value.Id));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);
        return ids;
    }

    private static string PartitionOf(string id) => id[..id.IndexOf(':', StringComparison.Ordinal)];

    private sealed record Line(string Id);
}

using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd;

/// <summary>What must be so in the documents of accounts, whatever happened.</summary>
internal static class Books
{
    /// <summary>What a kill left in the outbox is the sweep's, which comes twice a minute for what is older than half a minute.</summary>
    public static async Task OutboxIsEmpty(PlatformProcess platform)
    {
        await using var documents = SqliteDocumentStore.Open(platform.Documents, Containers.All, TimeProvider.System);
        await Eventually.Holds(
            async () => (await documents.Query<OutboxEntry>(new IndexQuery(Containers.Accounts, Containers.OutboxDue, "9", 1_000), default)).Items.Count,
            left => left == 0,
            "the outbox is empty",
            TimeSpan.FromMinutes(2));
    }

    /// <summary>One charge a run, the first run of the fork included, nothing given back, and the sums are the balance.</summary>
    /// <param name="granted">Runs of the day.</param>
    public static async Task<IReadOnlyList<Run>> Agree(IDocumentStore documents, Owner owner, IReadOnlyList<string> accepted, int granted)
    {
        var ledger = await All<LedgerEntry>(documents, owner, "ledger:");
        var runs = await Runs(documents, owner);
        Assert.Equal(accepted.Append(owner.FirstRun).Order(StringComparer.Ordinal), runs.Select(run => run.RunId).Order(StringComparer.Ordinal));
        Assert.All(runs, run => Assert.Equal(RunStatus.Succeeded, run.Status));

        var charges = ledger.Where(entry => entry.Type != LedgerType.Grant).ToList();
        Assert.All(charges, charge => Assert.Equal((LedgerType.Run, LedgerUnit.DailyRun, -1L), (charge.Type, charge.Unit, charge.Amount)));
        Assert.Equal(runs.Select(run => run.RunId).Order(StringComparer.Ordinal), charges.Select(charge => charge.RunId!).Order(StringComparer.Ordinal));
        Assert.Equal(granted - accepted.Count - 1, ledger.Where(entry => entry.Unit == LedgerUnit.DailyRun).Sum(entry => entry.Amount));
        return runs;
    }

    public static Task<IReadOnlyList<Run>> Runs(IDocumentStore documents, Owner owner) => All<Run>(documents, owner, "run:");

    private static async Task<IReadOnlyList<T>> All<T>(IDocumentStore documents, Owner owner, string prefix) where T : class =>
        [.. (await documents.Query<T>(new PartitionQuery(Containers.Accounts, owner.AccountId, prefix, 1_000), default)).Items.Select(d => d.Value)];
}

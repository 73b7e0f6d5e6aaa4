using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;

namespace Hexabase.Tests.EndToEnd;

/// <summary>What an account was charged, as its documents have it.</summary>
internal static class Books
{
    /// <summary>One charge a run, the first run of the fork included, nothing given back, and the sums are the balance.</summary>
    /// <param name="accepted">Runs that were started and have succeeded.</param>
    /// <param name="granted">Runs a day.</param>
    /// <returns>The account's runs.</returns>
    public static async Task<IReadOnlyList<Run>> Agree(IDocumentStore documents, Owner owner, IReadOnlyList<string> accepted, int granted)
    {
        var ledger = await All<LedgerEntry>("ledger:");
        var runs = await All<Run>("run:");
        var first = owner.Strategy.GetProperty("run_id").GetString()!;
        Assert.Equal(accepted.Append(first).Order(StringComparer.Ordinal), runs.Select(run => run.RunId).Order(StringComparer.Ordinal));
        Assert.All(runs, run => Assert.Equal(RunStatus.Succeeded, run.Status));

        var charges = ledger.Where(entry => entry.Type != LedgerType.Grant).ToList();
        Assert.All(charges, charge => Assert.Equal((LedgerType.Run, LedgerUnit.DailyRun, -1L), (charge.Type, charge.Unit, charge.Amount)));
        Assert.Equal(runs.Select(run => run.RunId).Order(StringComparer.Ordinal), charges.Select(charge => charge.RunId!).Order(StringComparer.Ordinal));
        Assert.Equal(granted - accepted.Count - 1, ledger.Where(entry => entry.Unit == LedgerUnit.DailyRun).Sum(entry => entry.Amount));
        return runs;

        async Task<IReadOnlyList<T>> All<T>(string prefix) where T : class =>
            [.. (await documents.Query<T>(new PartitionQuery(Containers.Accounts, owner.AccountId, prefix, 1_000), default)).Items.Select(d => d.Value)];
    }
}

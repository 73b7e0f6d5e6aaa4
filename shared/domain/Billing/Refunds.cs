using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Billing;

/// <summary>Gives back what runs and sweeps took, in the commit that ends them (product rule 5).</summary>
public sealed class Refunds(IDocumentStore documents, Plans plans)
{
    /// <summary>
    /// Adds to a batch of an account what puts runs back: the quota, with its version as a condition, and usage months. The ledger entries,
    /// whose ids make a refund happen once, are the caller's.
    /// </summary>
    public async Task AddTo(DocumentBatch batch, IReadOnlyList<PaidRuns> paid, int? usageMonth, DateTimeOffset now, CancellationToken ct)
    {
        var quota = await documents.Read<Quota>(Containers.Accounts, batch.Partition, Quota.DocumentId, ct)
            ?? throw new InvalidOperationException($"Account {batch.Partition} has no quota document.");
        var back = ChargeRule.GiveBack(plans, quota.Value, paid, usageMonth, now);
        batch.Replace(Quota.DocumentId, back.Quota, quota.ETag);
        if (back.Closed is { } month)
            batch.Create(UsageMonth.DocumentIdOf(month.Serial), month);
        if (back.GiveBackTo is { } serial)
            await TakeOff(batch, serial, back.MonthlyRuns, ct);
    }

    /// <summary>Takes runs off a usage month that was closed earlier, so that they are not billed.</summary>
    private async Task TakeOff(DocumentBatch batch, int serial, int runs, CancellationToken ct)
    {
        var documentId = UsageMonth.DocumentIdOf(serial);
        var month = await documents.Read<UsageMonth>(Containers.Accounts, batch.Partition, documentId, ct)
            ?? throw new InvalidOperationException($"Account {batch.Partition} has no document {documentId}.");
        batch.Replace(documentId, month.Value with { Runs = month.Value.Runs - runs }, month.ETag);
    }
}

using System.Diagnostics.Metrics;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Jobs;

/// <summary>Too many changes to one account at the same moment.</summary>
public sealed record AccountBusy : Refusal
{
    public AccountBusy() : base(
        RefusalKind.Unavailable,
        "ACCOUNT_BUSY",
        "Too many requests of this account at the same moment. Send the request again with the same Idempotency-Key.") =>
        RetryAfter = TimeSpan.FromSeconds(1);
}

/// <summary>Who asks for a job, and how a repeat is known.</summary>
/// <param name="InputsHash">Of all that was asked for.</param>
internal sealed record JobRequest(string AccountId, string IdempotencyKey, string InputsHash);

/// <summary>A job that may start.</summary>
/// <param name="Answer">To whoever asked.</param>
/// <param name="Record">What its idempotency key stands for.</param>
/// <param name="Entry">The message that starts it.</param>
/// <param name="AddTo">Adds its own documents and ledger entries to the commit.</param>
/// <param name="Count">Counts it once it is accepted.</param>
internal sealed record AcceptedJob<T>(
    T Answer, Admission Admission, IdempotencyRecord Record, OutboxEntry Entry, Action<DocumentBatch> AddTo, Counter<long> Count);

/// <summary>
/// How runs and sweeps are accepted: the rate limit first, then tries of ONE commit that has the quota's version as a condition and
/// records what the job costs, its idempotency key, the job and its outbox entry. The store's own conflicts are the checks.
/// </summary>
internal sealed class Acceptance(IDocumentStore documents, Plans plans, IOutbox outbox, KeyedLock locks, TimeProvider clock)
{
    private const int MostTries = 20;

    /// <param name="decide">The job at this quota and moment, or why not; asked again when the account was changed meanwhile.</param>
    /// <param name="known">The answer that the idempotency key of an earlier request has.</param>
    public async Task<Result<T>> Accept<T>(
        JobRequest request,
        Func<Quota, DateTimeOffset, Task<Result<AcceptedJob<T>>>> decide,
        Func<IdempotencyRecord, Task<T>> known,
        CancellationToken ct)
    {
        // Requests of one account would only make each other's commit fail; other instances still meet the ETag.
        using var turn = await locks.Enter(request.AccountId, ct);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var now = clock.GetUtcNow();
            var quota = await documents.Read<Quota>(Containers.Accounts, request.AccountId, Quota.DocumentId, ct)
                ?? throw new InvalidOperationException($"Account {request.AccountId} has no quota document.");
            if (ChargeRule.CheckRate(plans, quota.Value, now) is { } tooMany)
                return tooMany;
            if (!(await decide(quota.Value, now)).Succeeded(out var job, out var refused))
                return await Known(request, known, ct) ?? (Result<T>)refused;
            var entry = job.Entry with { AcceptedAt = now };
            var committed = await documents.Commit(BatchFor(request, job, entry, quota.ETag), ct);
            if (committed.Succeeded)
            {
                job.Count.Add(1, Telemetry.OfLane(job.Admission.Lane));
                outbox.Offer(request.AccountId, entry);
                return job.Answer;
            }
            if (committed.Reason == CommitRefusal.AlreadyExists && await Known(request, known, ct) is { } earlier)
                return earlier;
        }
        return new AccountBusy();
    }

    private DocumentBatch BatchFor<T>(JobRequest request, AcceptedJob<T> job, OutboxEntry entry, string quotaETag)
    {
        var kept = TimeSpan.FromDays(plans.IdempotencyKeyDays);
        var batch = new DocumentBatch(Containers.Accounts, request.AccountId)
            .Create(IdempotencyRecord.DocumentId(request.IdempotencyKey), job.Record, kept)
            .Replace(Quota.DocumentId, job.Admission.Quota, quotaETag)
            .Create(entry.DocumentId, entry);
        job.AddTo(batch);
        if (job.Admission.Closed is { } month)
            batch.Create(UsageMonth.DocumentIdOf(month.Serial), month);
        return batch;
    }

    /// <summary>The answer the key already has; null when the key is new.</summary>
    private async Task<Result<T>?> Known<T>(JobRequest request, Func<IdempotencyRecord, Task<T>> known, CancellationToken ct)
    {
        if (await IdempotencyRecord.Read(documents, request.AccountId, request.IdempotencyKey, ct) is not { } record)
            return null;
        return record.InputsHash == request.InputsHash ? await known(record) : new IdempotencyKeyReused();
    }
}

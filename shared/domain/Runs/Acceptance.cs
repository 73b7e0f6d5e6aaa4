using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Runs;

/// <summary>Too many changes to one account at the same moment.</summary>
public sealed record AccountBusy : Refusal
{
    public AccountBusy() : base(
        RefusalKind.Unavailable,
        "ACCOUNT_BUSY",
        "Too many requests of this account at the same moment. Send the request again with the same Idempotency-Key.") =>
        RetryAfter = TimeSpan.FromSeconds(1);
}

/// <summary>
/// How runs and sweeps are accepted: the rate limit first, then tries of one commit that has the quota's version as a condition.
/// </summary>
internal sealed class Acceptance(IDocumentStore documents, Plans plans, KeyedLock locks, TimeProvider clock)
{
    private const int MostTries = 20;

    /// <param name="tryOnce">
    /// The answer at this quota and moment; null when another change to the account came first and everything must be read again.
    /// </param>
    public async Task<Result<T>> Accept<T>(
        string accountId, Func<Document<Quota>, DateTimeOffset, Task<Result<T>?>> tryOnce, CancellationToken ct)
    {
        // Requests of one account would only make each other's commit fail; other instances still meet the ETag.
        using var turn = await locks.Enter(accountId, ct);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var now = clock.GetUtcNow();
            var quota = await documents.Read<Quota>(Containers.Accounts, accountId, Quota.DocumentId, ct)
                ?? throw new InvalidOperationException($"Account {accountId} has no quota document.");
            if (ChargeRule.CheckRate(plans, quota.Value, now) is { } tooMany)
                return tooMany;
            if (await tryOnce(quota, now) is { } outcome)
                return outcome;
        }
        return new AccountBusy();
    }
}

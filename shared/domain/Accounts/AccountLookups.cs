using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Accounts;

/// <summary>
/// From an identity or an e-mail address to an account. Each entry is a document in a partition of its own, created once and never
/// changed, so that the store's conflict on create decides between concurrent claims.
/// </summary>
internal sealed class AccountLookups(IDocumentStore documents, TimeProvider clock)
{
    private const string IdentityId = "identity";
    private const string EmailId = "email";

    /// <summary>The account that an identity leads to; null when it leads to none.</summary>
    public async ValueTask<string?> AccountOf(IdentityKey identity, CancellationToken ct) =>
        (await documents.Read<IdentityLookup>(Containers.Accounts, Partition(identity), IdentityId, ct))?.Value.AccountId;

    /// <summary>Makes an identity lead to an account unless it leads to one already; returns the account it leads to now.</summary>
    public async Task<string> Claim(IdentityKey identity, string accountId, CancellationToken ct)
    {
        var claim = new IdentityLookup(accountId, clock.GetUtcNow());
        return (await Create(Partition(identity), IdentityId, claim, ct)).AccountId;
    }

    /// <summary>
    /// Gives an e-mail address to an identity, and through it to the identity's account, unless it is given away already; returns
    /// the identity that has it now.
    /// </summary>
    public async Task<IdentityKey> ClaimEmail(string normalizedEmail, IdentityKey identity, CancellationToken ct)
    {
        var partition = "email:" + Sha256Hex.Of(normalizedEmail);
        var claim = new EmailLookup(identity.Provider, identity.SubjectHash, clock.GetUtcNow());
        var holder = await Create(partition, EmailId, claim, ct);
        return new IdentityKey(holder.Provider, holder.SubjectHash);
    }

    private async Task<T> Create<T>(string partition, string id, T value, CancellationToken ct) where T : class
    {
        var created = await documents.Commit(new DocumentBatch(Containers.Accounts, partition).Create(id, value), ct);
        if (created.Succeeded)
            return value;
        var taken = await documents.Read<T>(Containers.Accounts, partition, id, ct);
        return taken?.Value
            ?? throw new InvalidOperationException($"{partition}: a lookup was there and is gone; lookups are never deleted.");
    }

    private static string Partition(IdentityKey identity) => $"identity:{identity.Provider}:{identity.SubjectHash}";

    private sealed record IdentityLookup(string AccountId, DateTimeOffset CreatedAt);

    private sealed record EmailLookup(string Provider, string SubjectHash, DateTimeOffset CreatedAt);
}

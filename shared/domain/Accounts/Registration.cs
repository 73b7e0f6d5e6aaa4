using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Domain.Accounts;

/// <summary>The e-mail belongs to an account that is reached through another provider.</summary>
/// <param name="Registered">The provider to sign in with first.</param>
/// <param name="Attempted">The provider that can be linked after that.</param>
public sealed record EmailRegisteredWithOtherProvider(string Registered, string Attempted) : Refusal(
    RefusalKind.Conflict,
    "EMAIL_REGISTERED_WITH_OTHER_PROVIDER",
    $"This e-mail address is registered through {Registered}. Sign in with {Registered} first, then link {Attempted} to the account.");

/// <summary>The e-mail belongs to an account that is reached through another identity at the same provider.</summary>
public sealed record EmailRegisteredWithOtherIdentity(string Provider) : Refusal(
    RefusalKind.Conflict,
    "EMAIL_REGISTERED_WITH_OTHER_IDENTITY",
    $"This e-mail address is registered by another {Provider} identity. Sign in with that one.");

/// <summary>An identity cannot be linked to one account while it leads to another.</summary>
public sealed record IdentityLinkedToOtherAccount(string Provider) : Refusal(
    RefusalKind.Conflict, "IDENTITY_LINKED_TO_OTHER_ACCOUNT", $"This {Provider} identity already belongs to another account.");

/// <summary>
/// Leads an identity to its account, which is made on first sight. The steps span partitions: the e-mail is claimed, then the
/// identity, then the account's own documents are created together. Each step can be repeated, and every sign-in runs them all, so
/// what a crash left half done is completed by the next sign-in; concurrent first sign-ins end in one account.
/// </summary>
public sealed class Registration(IDocumentStore documents, Plans plans, TimeProvider clock)
{
    private readonly AccountLookups lookups = new(documents, clock);

    /// <summary>The account of an identity: its own, or a new one.</summary>
    public Task<Result<User>> SignIn(ExternalIdentity identity, CancellationToken ct) => Register(identity, linkTo: null, ct);

    /// <summary>Adds an identity to an account; linking it again changes nothing.</summary>
    public Task<Result<User>> Link(ExternalIdentity identity, string accountId, CancellationToken ct) => Register(identity, accountId, ct);

    private async Task<Result<User>> Register(ExternalIdentity identity, string? linkTo, CancellationToken ct)
    {
        var accountId = await lookups.AccountOf(identity.Key, ct);
        if (accountId is null)
        {
            if (await EmailTakenByAnother(identity, linkTo, ct) is { } holder)
                return Refuse(holder, identity);
            accountId = await lookups.Claim(identity.Key, linkTo ?? Ids.NewAccount(), ct);
        }
        if (linkTo is not null && accountId != linkTo)
            return new IdentityLinkedToOtherAccount(identity.Provider);
        return await Complete(accountId, identity, ct);
    }

    /// <summary>Claims the verified e-mail; the other identity that has it when it does not lead to the same account.</summary>
    private async Task<IdentityKey?> EmailTakenByAnother(ExternalIdentity identity, string? accountId, CancellationToken ct)
    {
        if (identity.VerifiedEmail is not { } email)
            return null;
        var holder = await lookups.ClaimEmail(email, identity.Key, ct);
        if (holder == identity.Key || (accountId is not null && await lookups.AccountOf(holder, ct) == accountId))
            return null;
        return holder;
    }

    private static Refusal Refuse(IdentityKey holder, ExternalIdentity identity) => holder.Provider == identity.Provider
        ? new EmailRegisteredWithOtherIdentity(identity.Provider)
        : new EmailRegisteredWithOtherProvider(holder.Provider, identity.Provider);

    /// <summary>Creates what the account lacks and adds to its profile what the identity brings.</summary>
    private async Task<User> Complete(string accountId, ExternalIdentity identity, CancellationToken ct)
    {
        while (true)
        {
            var found = await User.Read(documents, accountId, ct);
            if (found is { Value: var known } && ReferenceEquals(known, known.With(identity, clock.GetUtcNow())))
                return known;

            // A known identity signs in even when its e-mail has become another account's: it brings no e-mail then.
            var taken = await EmailTakenByAnother(identity, accountId, ct) is not null;
            var brings = taken ? identity with { Email = null, EmailVerified = false } : identity;
            var now = clock.GetUtcNow();
            var user = found?.Value.With(brings, now) ?? User.New(accountId, brings, now);
            if (found is not null && ReferenceEquals(user, found.Value))
                return user;
            var batch = found is null ? FirstDocuments(user, now) : OfAccount(accountId).Replace(User.DocumentId, user, found.ETag);
            var commit = await documents.Commit(batch, ct);
            if (commit.Succeeded)
                return user;
            if (commit.RefusedOperation > 0)
                throw new InvalidOperationException($"Account {accountId} has documents but no profile: no sign-in made it.");
        }
    }

    private DocumentBatch FirstDocuments(User user, DateTimeOffset now) => OfAccount(user.Id)
        .Create(User.DocumentId, user)
        .Create(Quota.DocumentId, Quota.ForNewAccount(plans, now))
        .Create(Organization.DocumentId, new Organization("o_" + Ids.TimeOrdered(now), user.DisplayName, now))
        .Create(Workspace.DocumentId, new Workspace("w_" + Ids.TimeOrdered(now), Workspace.FirstName, WorkspaceStatus.Recorded, now));

    private static DocumentBatch OfAccount(string accountId) => new(Containers.Accounts, accountId);
}

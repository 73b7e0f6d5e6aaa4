using System.Text.Json.Serialization;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Accounts;

/// <summary>A person's profile. Document <see cref="DocumentId"/> in the account's partition.</summary>
/// <param name="Id">The account's id.</param>
/// <param name="DisplayName">As the first provider gave it; the e-mail's local part or the provider's name when it gave none.</param>
/// <param name="Email">Normalized (<see cref="EmailAddress"/>); null when no provider told one.</param>
/// <param name="EmailVerified">A provider vouches that the person reads this address.</param>
/// <param name="Identities">The sign-ins that lead to this account, oldest first; never empty.</param>
public sealed record User(
    string Id, string DisplayName, string? Email, bool EmailVerified, IReadOnlyList<LinkedIdentity> Identities, DateTimeOffset CreatedAt)
{
    public const string DocumentId = "user";

    /// <summary>The address that rights may hang on; null when there is none or nobody vouches for it.</summary>
    [JsonIgnore]
    public string? VerifiedEmail => EmailVerified ? Email : null;

    /// <summary>The profile of an account that begins with this identity.</summary>
    public static User New(string accountId, ExternalIdentity identity, DateTimeOffset now) => new(
        accountId,
        identity.NameToShow,
        identity.NormalizedEmail,
        EmailVerified: identity.VerifiedEmail is not null,
        [LinkedIdentity.Of(identity, now)],
        now);

    /// <summary>
    /// The profile with this identity among its own, and with the identity's e-mail when that is verified and the profile has no
    /// verified one yet. The same instance when nothing changes.
    /// </summary>
    public User With(ExternalIdentity identity, DateTimeOffset now)
    {
        var user = this;
        if (!Identities.Any(i => i.Provider == identity.Provider && i.Subject == identity.Subject))
            user = user with { Identities = [.. Identities, LinkedIdentity.Of(identity, now)] };
        if (VerifiedEmail is null && identity.VerifiedEmail is { } email)
            user = user with { Email = email, EmailVerified = true };
        return user;
    }

    /// <summary>The account's profile; null when there is no such account.</summary>
    public static ValueTask<Document<User>?> Read(IDocumentStore documents, string accountId, CancellationToken ct) =>
        documents.Read<User>(Containers.Accounts, accountId, DocumentId, ct);
}

/// <summary>A way to sign in to an account.</summary>
/// <param name="Subject">The provider's stable id of the person.</param>
public sealed record LinkedIdentity(string Provider, string Subject, DateTimeOffset LinkedAt)
{
    internal static LinkedIdentity Of(ExternalIdentity identity, DateTimeOffset now) => new(identity.Provider, identity.Subject, now);
}

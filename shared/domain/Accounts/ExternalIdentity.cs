namespace Hexabase.Domain.Accounts;

/// <summary>A person as an identity provider describes them after a sign-in there.</summary>
/// <param name="Provider">The provider's name in this product: <c>google</c>, <c>github</c>, <c>dev</c>.</param>
/// <param name="Subject">The provider's id of the person: never reused, never changed.</param>
/// <param name="DisplayName">Null when the provider has none.</param>
/// <param name="Email">As the provider wrote it; null when it told none.</param>
/// <param name="EmailVerified">The provider checked that the person reads <paramref name="Email"/>.</param>
public sealed record ExternalIdentity(string Provider, string Subject, string? DisplayName, string? Email, bool EmailVerified)
{
    public IdentityKey Key => IdentityKey.Of(Provider, Subject);

    /// <summary>Null when there is no address, or none that mail could reach.</summary>
    public string? NormalizedEmail => EmailAddress.Normalize(Email);

    /// <summary>The address that may claim and match an account; null when the provider does not vouch for one.</summary>
    public string? VerifiedEmail => EmailVerified ? NormalizedEmail : null;

    internal string NameToShow =>
        string.IsNullOrWhiteSpace(DisplayName) ? NormalizedEmail?.Split('@')[0] ?? Provider : DisplayName.Trim();
}

/// <summary>An identity as a key: the subject hashed, because providers put any character into it.</summary>
/// <param name="SubjectHash">SHA-256 of the subject, 64 lower-case hex digits.</param>
public sealed record IdentityKey(string Provider, string SubjectHash)
{
    public static IdentityKey Of(string provider, string subject) =>
        new(provider, Sha256Hex.Of(subject));
}

namespace Hexabase.Domain.Accounts;

/// <summary>The personal organization of an account. Document <see cref="DocumentId"/> in the account's partition.</summary>
/// <param name="Id"><c>o_</c> and a time-ordered id.</param>
public sealed record Organization(string Id, string Name, DateTimeOffset CreatedAt)
{
    public const string DocumentId = "organization";
}

using System.Collections.Frozen;

namespace Hexabase.Domain.Accounts;

/// <summary>The people who may grant plans and credits: those who read one of the configured e-mail addresses.</summary>
public sealed class Operators(IEnumerable<string> emails)
{
    private readonly FrozenSet<string> addresses =
        emails.Select(EmailAddress.Normalize).OfType<string>().ToFrozenSet(StringComparer.Ordinal);

    /// <param name="verifiedEmail">Null for an account without a verified address, which is never an operator.</param>
    public bool Include(string? verifiedEmail) => EmailAddress.Normalize(verifiedEmail) is { } address && addresses.Contains(address);
}

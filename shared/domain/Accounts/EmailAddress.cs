namespace Hexabase.Domain.Accounts;

/// <summary>E-mail addresses as the product compares them.</summary>
public static class EmailAddress
{
    /// <summary>Longest address that mail can be sent to (RFC 5321, 4.5.3.1.3, without its angle brackets).</summary>
    public const int MaxLength = 254;

    /// <summary>
    /// Without surrounding space and in lower case; null for what cannot be an address. Case is dropped in the local part too:
    /// no provider in use tells addresses apart by it. Dots and plus tags stay, they are another mailbox to most mail servers.
    /// </summary>
    public static string? Normalize(string? address)
    {
        var text = address?.Trim();
        return text is { Length: >= 3 and <= MaxLength }
            && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
            && at < text.Length - 1
            && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            ? text.ToLowerInvariant()
            : null;
    }
}

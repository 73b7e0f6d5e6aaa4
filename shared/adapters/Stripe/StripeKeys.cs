namespace Hexabase.Adapters.Stripe;

/// <summary>Idempotency keys: a caller's key and the call it is for.</summary>
internal static class StripeKeys
{
    private const int Longest = 255;

    /// <summary>Further keys stand in for one that is spent, see <see cref="StripeAnswer.IsSpent"/>; enough for an outage with many calls.</summary>
    private const int Most = 50;

    private const int SuffixLength = 3;

    /// <summary>The same ones in the same order for the same key: a repeated call comes to the one that was used last.</summary>
    /// <exception cref="ArgumentException">The key cannot be a header.</exception>
    public static IEnumerable<string> Of(string key, string call)
    {
        var first = $"{key}:{call}";
        if (key.Length == 0 || first.Length > Longest - SuffixLength || first.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new ArgumentException($"A key is at most {Longest - SuffixLength} visible ASCII characters together with the name of its call.", nameof(key));
        return Enumerable.Range(1, Most).Select(n => n == 1 ? first : $"{first}:{n}");
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Hexabase.Domain;

/// <summary>
/// Identifiers: a prefix that names the kind, then lower-case Crockford base32 (no i, l, o, u). Those with a time part sort by it.
/// </summary>
public static class Ids
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private static readonly SearchValues<char> Digits = SearchValues.Create(Alphabet);
    private const int TimeLength = 10;
    private const int ChanceLength = 16;
    private const int AccountLength = 1 + ChanceLength;

    /// <summary>A new account: <c>a</c> and 16 characters of chance (80 bits).</summary>
    public static string NewAccount() => "a" + RandomNumberGenerator.GetString(Alphabet, ChanceLength);

    /// <summary>A new strategy: <c>s_</c> and a time-ordered id.</summary>
    public static string NewStrategy(DateTimeOffset now) => "s_" + TimeOrdered(now);

    /// <summary>
    /// 26 characters, as a ULID: 48 bits of Unix milliseconds, then 80 bits of chance. Sorts by time as text.
    /// </summary>
    public static string TimeOrdered(DateTimeOffset now) =>
        string.Create(TimeLength + ChanceLength, now.ToUnixTimeMilliseconds(), static (text, ms) =>
        {
            for (var i = TimeLength - 1; i >= 0; i--, ms >>= 5)
                text[i] = Alphabet[(int)(ms & 31)];
            RandomNumberGenerator.GetItems(Alphabet, text[TimeLength..]);
        });

    /// <summary>
    /// 26 characters that follow from <paramref name="seed"/> alone, so that a repeated step names the same thing again. They look like
    /// <see cref="TimeOrdered"/> but sort by no time.
    /// </summary>
    public static string Derived(string seed)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(seed), hash);
        Span<char> text = stackalloc char[TimeLength + ChanceLength];
        var bits = BinaryPrimitives.ReadUInt128LittleEndian(hash);
        foreach (ref var c in text)
        {
            c = Alphabet[(int)(bits & 31)];
            bits >>= 5;
        }
        return new string(text);
    }

    /// <summary>
    /// Takes <c>{prefix}{account}_{time-ordered}</c> apart, the form of ids that carry their account. False for anything that this system
    /// did not make.
    /// </summary>
    internal static bool TrySplit(string? text, string prefix, out string account, out string serial)
    {
        (account, serial) = ("", "");
        if (text is null || text.Length != prefix.Length + AccountLength + 1 + TimeLength + ChanceLength)
            return false;
        var rest = text.AsSpan(prefix.Length);
        if (!text.StartsWith(prefix, StringComparison.Ordinal) || rest[0] != 'a' || rest[AccountLength] != '_')
            return false;
        if (!IsBase32(rest[1..AccountLength]) || !IsBase32(rest[(AccountLength + 1)..]))
            return false;
        (account, serial) = (rest[..AccountLength].ToString(), rest[(AccountLength + 1)..].ToString());
        return true;
    }

    internal static bool IsBase32(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Digits);
}

/// <summary>
/// A run: <c>r_{account}_{time-ordered}</c>. It carries its account, so that a run is a point read in the account's partition.
/// </summary>
public readonly record struct RunId(string Account, string Serial)
{
    private const string Prefix = "r_";

    public static RunId New(string account, DateTimeOffset now) => new(account, Ids.TimeOrdered(now));

    /// <summary>False for anything that this system did not make.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RunId id)
    {
        var isOne = Ids.TrySplit(text, Prefix, out var account, out var serial);
        id = isOne ? new RunId(account, serial) : default;
        return isOne;
    }

    public override string ToString() => $"{Prefix}{Account}_{Serial}";
}

/// <summary>A sweep: <c>sw_{account}_{time-ordered}</c>, which carries its account as a <see cref="RunId"/> does.</summary>
public readonly record struct SweepId(string Account, string Serial)
{
    private const string Prefix = "sw_";

    public static SweepId New(string account, DateTimeOffset now) => new(account, Ids.TimeOrdered(now));

    /// <inheritdoc cref="RunId.TryParse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out SweepId id)
    {
        var isOne = Ids.TrySplit(text, Prefix, out var account, out var serial);
        id = isOne ? new SweepId(account, serial) : default;
        return isOne;
    }

    public override string ToString() => $"{Prefix}{Account}_{Serial}";
}

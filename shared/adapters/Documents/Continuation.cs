using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Hexabase.Domain.Documents;

namespace Hexabase.Adapters.Documents;

/// <summary>
/// Where the next page begins: the sort key of the last document, or what the store gave for it, with a digest that binds it to its query.
/// The digest keeps mix-ups out, not people: a position tells nothing that the query would not have shown.
/// </summary>
internal static class Continuation
{
    private const int DigestLength = 8;

    public static string After(ReadOnlySpan<string> position, ReadOnlySpan<string> query)
    {
        var key = JsonSerializer.SerializeToUtf8Bytes(position.ToArray());
        return Base64Url.EncodeToString([.. Digest(query, key), .. key]);
    }

    /// <summary>The sort key that <see cref="After"/> was given.</summary>
    /// <exception cref="InvalidContinuationException">The text does not come from this query.</exception>
    /// <param name="parts">How many values the sort key has.</param>
    public static string[] Position(string continuation, ReadOnlySpan<string> query, int parts)
    {
        if (Base64Url.IsValid(continuation))
        {
            var bytes = Base64Url.DecodeFromChars(continuation);
            if (bytes.Length > DigestLength && bytes.AsSpan(0, DigestLength).SequenceEqual(Digest(query, bytes.AsSpan(DigestLength)))
                && Key(bytes.AsSpan(DigestLength)) is { } key && key.Length == parts && !Array.Exists(key, part => part is null))
            {
                return key;
            }
        }
        throw new InvalidContinuationException("The continuation was not made by this query.");
    }

    /// <summary>Null for what is no list of texts: anybody can make a digest that fits.</summary>
    private static string[]? Key(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Digest(ReadOnlySpan<string> query, ReadOnlySpan<byte> key)
    {
        byte[] bound = [.. JsonSerializer.SerializeToUtf8Bytes(query.ToArray()), .. key];
        return SHA256.HashData(bound)[..DigestLength];
    }
}

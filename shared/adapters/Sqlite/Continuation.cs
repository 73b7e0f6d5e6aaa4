using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Hexabase.Domain.Documents;

namespace Hexabase.Adapters.Sqlite;

/// <summary>
/// Where the next page begins: the sort key of the last row, with a digest that binds it to its query. The digest keeps
/// mix-ups out, not people: a position tells nothing that the query would not have shown.
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
    public static string[] Position(string continuation, ReadOnlySpan<string> query)
    {
        if (Base64Url.IsValid(continuation))
        {
            var bytes = Base64Url.DecodeFromChars(continuation);
            if (bytes.Length > DigestLength && bytes.AsSpan(0, DigestLength).SequenceEqual(Digest(query, bytes.AsSpan(DigestLength))))
                return JsonSerializer.Deserialize<string[]>(bytes.AsSpan(DigestLength))!;
        }
        throw new InvalidContinuationException("The continuation was not made by this query.");
    }

    private static byte[] Digest(ReadOnlySpan<string> query, ReadOnlySpan<byte> key)
    {
        byte[] bound = [.. JsonSerializer.SerializeToUtf8Bytes(query.ToArray()), .. key];
        return SHA256.HashData(bound)[..DigestLength];
    }
}

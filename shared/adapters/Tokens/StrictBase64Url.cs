using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Hexabase.Adapters.Tokens;

/// <summary>base64url as RFC 7515 writes it: one spelling for each sequence of bytes, no padding, no white space.</summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.IsEmpty || text.ContainsAnyExcept(Alphabet) || text.Length % 4 == 1)
            return false;
        bytes = Base64Url.DecodeFromChars(text);
        // The last character may carry bits that belong to no byte; only zeros are the one spelling.
        if (text.SequenceEqual(Base64Url.EncodeToString(bytes)))
            return true;
        bytes = null;
        return false;
    }
}

using System.Security.Cryptography;
using System.Text;

namespace Hexabase.Backtesting;

/// <summary>SHA-256 of text in UTF-8, as 64 lower-case hex digits.</summary>
public static class Sha256Hex
{
    /// <summary>True for what can be one.</summary>
    public static bool Is(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower);

    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

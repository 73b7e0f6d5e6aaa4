using System.Security.Cryptography;
using System.Text;

namespace Hexabase.Domain;

/// <summary>SHA-256 of text in UTF-8, as 64 lower-case hex digits.</summary>
public static class Sha256Hex
{
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

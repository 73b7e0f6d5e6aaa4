using System.Security.Cryptography;
using System.Text;

namespace Hexabase.Domain.Accounts;

/// <summary>Proof Key for Code Exchange (RFC 7636), method S256.</summary>
public static class Pkce
{
    public static string Challenge(string verifier) =>
        System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}

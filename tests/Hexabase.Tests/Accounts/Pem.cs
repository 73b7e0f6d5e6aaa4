using System.Security.Cryptography;

namespace Hexabase.Tests.Accounts;

/// <summary>Signing keys as operators write them into the setting.</summary>
internal static class Pem
{
    public static string NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }
}

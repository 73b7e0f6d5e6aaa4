using System.Security.Cryptography;

namespace Hexabase.Local.Settings;

/// <summary>The keys that Azure would have made: random, kept in the data folder, the same on every start.</summary>
/// <param name="FunctionKey">Opens functions of level <c>function</c>.</param>
/// <param name="MasterKey">Opens every function.</param>
/// <param name="ServiceBusKey">Signs sends to the queues; the rule's name is <see cref="ServiceBusKeyName"/>.</param>
/// <param name="DurableKey">Opens the management API of the durable engine.</param>
public sealed record LocalSecrets(string FunctionKey, string MasterKey, string ServiceBusKey, string DurableKey = "")
{
    public const string ServiceBusKeyName = "local";

    private const string FileName = "secrets.json";

    /// <summary>The secrets of a data folder. One that an older version of the platform made gets what it lacks.</summary>
    /// <exception cref="CannotStartException">The file is damaged.</exception>
    public static LocalSecrets In(DataFolder data)
    {
        var kept = data.ReadOrCreateJson(FileName, New);
        if (kept.DurableKey.Length > 0)
            return kept;
        var complete = kept with { DurableKey = NewKey() };
        data.ReplaceJson(FileName, complete);
        return complete;
    }

    /// <summary>PEM of the private keys (EC P-256, PKCS#8) that access tokens are signed with; the first one signs, all are published.</summary>
    public static string SigningKeys(DataFolder data) => data.ReadOrCreate("signing-keys.pem", () =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    });

    /// <summary>Opens the API of the simulated cluster.</summary>
    public static string ClusterToken(DataFolder data) => data.ReadOrCreate("cluster-token", NewKey);

    /// <summary>The secret key of the simulated payment provider.</summary>
    public static string PaymentsKey(DataFolder data) =>
        data.ReadOrCreate("payments-key", () => "sk_test_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    private static LocalSecrets New() => new(NewKey(), NewKey(), NewKey(), NewKey());

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}

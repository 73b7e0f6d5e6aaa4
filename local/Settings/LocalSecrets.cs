using System.Security.Cryptography;

namespace Hexabase.Local.Settings;

/// <summary>The keys that Azure would have made: random, kept in the data folder, the same on every start.</summary>
/// <param name="FunctionKey">Opens functions of level <c>function</c>.</param>
/// <param name="MasterKey">Opens every function.</param>
/// <param name="ServiceBusKey">Signs sends to the queues; the rule's name is <see cref="ServiceBusKeyName"/>.</param>
public sealed record LocalSecrets(string FunctionKey, string MasterKey, string ServiceBusKey)
{
    public const string ServiceBusKeyName = "local";

    /// <exception cref="CannotStartException">The file is damaged.</exception>
    public static LocalSecrets In(DataFolder data) => data.ReadOrCreateJson("secrets.json", New);

    /// <summary>PEM of the private keys (EC P-256, PKCS#8) that access tokens are signed with; the first one signs, all are published.</summary>
    public static string SigningKeys(DataFolder data) => data.ReadOrCreate("signing-keys.pem", () =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    });

    /// <summary>Opens the management API of the durable engine.</summary>
    public static string DurableKey(DataFolder data) => data.ReadOrCreate("durable-key", NewKey);

    /// <summary>Opens the API of the simulated cluster.</summary>
    public static string ClusterToken(DataFolder data) => data.ReadOrCreate("cluster-token", NewKey);

    /// <summary>The secret key of the simulated payment provider.</summary>
    public static string PaymentsKey(DataFolder data) =>
        data.ReadOrCreate("payments-key", () => "sk_test_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    /// <summary>The key of the Cosmos DB account.</summary>
    public static string CosmosKey(DataFolder data) => data.ReadOrCreate("cosmos-key", NewKey);

    private static LocalSecrets New() => new(NewKey(), NewKey(), NewKey());

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}

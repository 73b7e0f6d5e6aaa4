using System.Security.Cryptography;
using System.Text;

namespace Hexabase.Local.Cosmos;

/// <summary>
/// Checks the signature that the SDK makes with the account's key: HMAC-SHA256 over verb, resource type, resource and date.
/// <see href="https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources"/>
/// </summary>
/// <param name="key">Base64, as the app has it.</param>
internal sealed class MasterKey(string key)
{
    private const string Prefix = "type=master&ver=1.0&sig=";
    private readonly byte[] secret = Convert.FromBase64String(key);

    public bool Signed(HttpRequest request)
    {
        var authorization = Uri.UnescapeDataString(request.Headers.Authorization.ToString());
        if (!authorization.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var given = Encoding.UTF8.GetBytes(authorization[Prefix.Length..]);
        var target = CosmosTarget.Of(request.HttpContext);
        return Matches(target.Link) || Matches(target.Link.Split('/')[^1].ToLowerInvariant()); // the latter for one that is addressed by its _rid

        bool Matches(string link)
        {
            var text = $"{request.Method}\n{target.Type}\n".ToLowerInvariant() + $"{link}\n" + $"{request.Headers[CosmosHeaders.Date]}\n\n".ToLowerInvariant();
            var signature = Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)));
            return CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(signature));
        }
    }
}

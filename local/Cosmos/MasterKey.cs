using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Hexabase.Local.Cosmos;

/// <summary>
/// Checks the signature that the Cosmos DB SDK makes with the account's key: HMAC-SHA256 over verb, resource type, resource and date.
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
        var given = Encoding.ASCII.GetBytes(authorization[Prefix.Length..]);
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var (type, link) = Resource(target);
        return Matches(link) || Matches(link[(link.LastIndexOf('/') + 1)..].ToLowerInvariant()); // the latter when it is addressed by its _rid

        bool Matches(string resource)
        {
            var text = $"{request.Method.ToLowerInvariant()}\n{type}\n{resource}\n{request.Headers[CosmosHeaders.Date].ToString().ToLowerInvariant()}\n\n";
            var signature = Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)));
            return CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(signature));
        }
    }

    /// <summary><c>/dbs/d/colls/c</c> is the resource <c>dbs/d/colls/c</c> of type colls; <c>/dbs/d/colls/c/docs</c> are the docs of that resource.</summary>
    internal static (string Type, string Link) Resource(string target)
    {
        var segments = target.Split('?')[0].Trim('/').Split('/');
        if (segments is [""])
            return ("", "");
        var isFeed = segments.Length % 2 == 1;
        var type = isFeed ? segments[^1] : segments[^2];
        return (type, Uri.UnescapeDataString(string.Join('/', isFeed ? segments[..^1] : segments)));
    }
}

using System.Security.Cryptography;
using System.Text;
using Hexabase.Local.Settings;

namespace Hexabase.Local.Http;

/// <summary>
/// Opens functions of level <c>function</c> and <c>admin</c> to callers that send the key of that level, in the header
/// <c>x-functions-key</c> or the query parameter <c>code</c>.
/// </summary>
internal sealed class FunctionKeys(LocalSecrets secrets)
{
    private readonly byte[] functionKey = Encoding.UTF8.GetBytes(secrets.FunctionKey);
    private readonly byte[] masterKey = Encoding.UTF8.GetBytes(secrets.MasterKey);

    public bool Admit(HttpRequest request, string level)
    {
        if (level.Equals("anonymous", StringComparison.OrdinalIgnoreCase))
            return true;
        var key = request.Headers.TryGetValue("x-functions-key", out var header) ? header.ToString() : request.Query["code"].ToString();
        var presented = Encoding.UTF8.GetBytes(key);
        var isMaster = CryptographicOperations.FixedTimeEquals(presented, masterKey);
        var isFunction = CryptographicOperations.FixedTimeEquals(presented, functionKey);
        return isMaster || (isFunction && level.Equals("function", StringComparison.OrdinalIgnoreCase));
    }
}

using Hexabase.Domain.Accounts;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Accounts;

public sealed class GetJwksTrigger(IAccessTokens tokens)
{
    /// <summary>
    /// The public keys of access tokens and results (RFC 7517). A new key is here at least five minutes before it signs; one that has
    /// signed results stays.
    /// </summary>
    [Function("GetJwks"), AllowAnonymous]
    [ProducesResponseType<JsonWebKeySet>(200)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = ".well-known/jwks.json")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Ok(tokens.PublicKeys);
    }
}

using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;

namespace Hexabase.Functions.Platform;

public sealed class PreflightTrigger
{
    /// <summary>CORS preflights of every route; the CORS middleware has put the headers on already.</summary>
    [Function("Preflight"), AllowAnonymous, ExcludeFromDescription]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = "{*path}")] HttpRequest request) =>
        Results.NoContent();
}

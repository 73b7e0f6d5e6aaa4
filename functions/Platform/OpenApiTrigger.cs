using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;

namespace Hexabase.Functions.Platform;

public sealed class OpenApiTrigger(ApiDocument document)
{
    /// <summary>The OpenAPI document of this API.</summary>
    [Function("OpenApi"), AllowAnonymous, ExcludeFromDescription]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Text(await document.Json, "application/json");
    }
}

using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Hexabase.Functions.Platform;

public sealed class OpenApiTrigger([FromKeyedServices("v1")] IOpenApiDocumentProvider documents)
{
    /// <summary>The OpenAPI document of this API.</summary>
    [Function("OpenApi"), AllowAnonymous]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request, CancellationToken ct)
    {
        var document = await documents.GetOpenApiDocumentAsync(ct);
        request.HttpContext.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Text(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct), "application/json");
    }
}

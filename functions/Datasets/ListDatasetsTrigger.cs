using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Datasets;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Datasets;

public sealed class ListDatasetsTrigger(ListDatasetsHandler handler)
{
    private const int DefaultLimit = 50;

    /// <summary>A page of the built-in datasets and then, for a signed-in caller, of the caller's own.</summary>
    [Function("ListDatasets"), AllowAnonymous]
    [ProducesResponseType<Listed<Dataset>>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/datasets")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct,
        int limit = DefaultLimit,
        string? continuation = null) =>
        (await handler.Handle(new ListDatasets(user.AccountIdOrNull(), limit, continuation), ct)).ToHttp(Results.Ok);
}

using System.Security.Claims;
using Hexabase.Domain.Datasets;
using Hexabase.Functions.Http;
using Hexabase.Functions.Platform;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Datasets;

public sealed class UploadDatasetTrigger(UploadDatasetHandler handler)
{
    /// <summary>
    /// Takes a CSV of candles as the body, gzipped or not; the plan limits its size, so the server's own limit is off. 201 with the new
    /// dataset, 200 when the same candles are here already.
    /// </summary>
    [Function("UploadDataset"), Authorize, DisableRequestSizeLimit]
    [ProducesResponseType<UploadedDataset>(201), ProducesResponseType<UploadedDataset>(200), RawBody("text/csv")]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/datasets")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct,
        string? name = null,
        string? pair = null,
        string? timeframe = null) =>
        (await handler.Handle(new UploadDataset(user.AccountId(), name ?? "", pair, timeframe, request.ContentLength, request.Body), ct))
            .ToHttp(uploaded => uploaded.Created
                ? Results.Created($"/api/datasets/{uploaded.DatasetHash}", uploaded)
                : Results.Ok(uploaded));
}

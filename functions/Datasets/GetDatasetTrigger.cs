using System.Security.Claims;
using Hexabase.Domain.Datasets;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Datasets;

public sealed class GetDatasetTrigger(GetDatasetHandler handler)
{
    /// <summary>The candles with this hash, as normalized CSV: a built-in dataset for anybody, any other for who uploaded it.</summary>
    [Function("GetDataset"), AllowAnonymous]
    [ProducesResponseType<string>(200, "text/csv"), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/datasets/{dataset_hash}")] HttpRequest request,
        [FromRoute(Name = "dataset_hash")] string datasetHash,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        request.HttpContext.Response.Headers.Vary = "Authorization";
        var ask = new GetDataset(datasetHash, user.AccountIdOrNull(), EntityTags.IfNoneMatch(request));
        return (await handler.Handle(ask, ct)).ToHttp(found => EntityTags.Tagged(
            request,
            found.Dataset.DatasetHash,
            found.Dataset.Synthetic ? CacheRules.PublicForGood : CacheRules.PrivateForGood,
            () => Csv(request.HttpContext.Response, found)));
    }

    private static IResult Csv(HttpResponse response, DatasetContent found)
    {
        response.ContentLength = found.Dataset.SizeBytes;
        return Results.Stream(found.Content!, "text/csv");
    }
}

using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Runs;

/// <summary>The run has no result, yet or for good.</summary>
public sealed record NoResult(RunStatus Status) : Refusal(
    RefusalKind.NotFound, "RESULT_NOT_FOUND", $"The run is {Status.ToString().ToLowerInvariant()} and has no result.");

public sealed class GetRunResultTrigger(GetRunHandler handler, IBlobStore blobs)
{
    /// <summary>The stored result, byte for byte: runs of the same inputs give the same bytes.</summary>
    [Function("GetRunResult"), AllowAnonymous]
    [ProducesResponseType<object>(200), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/run/{run_id}/result")] HttpRequest request,
        [FromRoute(Name = "run_id")] string runId,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        if (!(await handler.Handle(new GetRun(runId, user.AccountIdOrNull(), TimeSpan.Zero, KnownETag: null), ct)).Succeeded(out var run, out var refusal))
            return Problem.From(refusal);
        if (run.Value.ResultPath is not { } path)
            return Problem.From(new NoResult(run.Value.Status));
        var json = await blobs.Read(path, ct) ?? throw new InvalidOperationException($"The result of {runId} is not at {path}.");
        var cache = run.Value.Public ? "public, max-age=31536000, immutable" : "private, max-age=31536000, immutable";
        return EntityTags.Tagged(request, runId, cache, () => Results.Bytes(json, "application/json"));
    }
}

using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Runs;

/// <summary>What to run.</summary>
public sealed record StartRunBody(string Sid, long? Seed, string CodeHash, string DatasetHash);

/// <summary>The run that was accepted.</summary>
public sealed record StartRunReply(string RunId);

public sealed class StartRunTrigger(IStartRun handler)
{
    private const int MostBytes = 16 * 1024;

    /// <summary>Starts a run. The same Idempotency-Key gives the same run.</summary>
    [Function("StartRun"), Authorize, RequestSizeLimit(MostBytes)]
    [ProducesResponseType<StartRunReply>(202)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/run")] HttpRequest request,
        [FromBody] StartRunBody body,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        if (body.Seed is not { } seed)
            return Problem.From(new InvalidInput("seed", "seed is required: it is part of what the run is."));
        var ask = new StartRun(
            user.AccountId(), idempotencyKey, body.Sid, seed, body.CodeHash, body.DatasetHash, request.HttpContext.TraceIdentifier);
        return (await handler.Handle(ask, ct)).ToHttp(id => Results.Accepted($"/api/run/{id}", new StartRunReply(id.ToString())));
    }
}

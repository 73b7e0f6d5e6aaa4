using System.Security.Claims;
using System.Text.Json.Serialization;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Runs;

/// <summary>What to run.</summary>
public sealed record StartRunBody(string Sid, [property: JsonRequired] long Seed, string CodeHash, string DatasetHash);

/// <summary>The run that was accepted.</summary>
public sealed record StartRunReply(string RunId);

public sealed class StartRunTrigger(IStartRun handler)
{
    /// <summary>Starts a run. The same Idempotency-Key gives the same run.</summary>
    [Function("StartRun"), Authorize, RequestSizeLimit(16 * 1024)]
    [ProducesResponseType<StartRunReply>(202)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/run")] HttpRequest request,
        [FromBody] StartRunBody body,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new StartRun(
            user.AccountId(), idempotencyKey, body.Sid, body.Seed, body.CodeHash, body.DatasetHash, request.HttpContext.TraceIdentifier);
        return (await handler.Handle(ask, ct)).ToHttp(id => Results.Accepted($"/api/run/{id}", new StartRunReply(id.ToString())));
    }
}

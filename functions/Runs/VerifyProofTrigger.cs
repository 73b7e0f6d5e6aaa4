using System.Security.Claims;
using Hexabase.Backtesting.Proofs;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Http;
using Hexabase.Functions.Platform;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Runs;

public sealed class VerifyProofTrigger(VerifyProofHandler handler)
{
    /// <summary>
    /// Checks a proof, the body: signature and hashes, then runs it again and says which values differ. It reads no more than it takes, so
    /// the server's own limit is off.
    /// </summary>
    [Function("VerifyProof"), Authorize, DisableRequestSizeLimit]
    [ProducesResponseType<Verdict>(200), RawBody("application/json")]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/verify")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        (await handler.Handle(new VerifyProof(user.AccountId(), request.Body), ct)).ToHttp(Results.Ok);
}

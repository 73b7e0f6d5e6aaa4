using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Health;

public sealed class LiveTrigger
{
    /// <summary>Says that the process answers; it looks at nothing else.</summary>
    [Function("Live"), AllowAnonymous]
    [ProducesResponseType<Liveness>(200)]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) =>
        Results.Ok(new Liveness("live"));

    public sealed record Liveness(string Status);
}

using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;

namespace Hexabase.Functions.Health;

public sealed class LiveTrigger
{
    /// <summary>Says that the process answers; it looks at nothing else.</summary>
    [Function("Live"), AllowAnonymous]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) =>
        Results.Ok(new Liveness("live"));

    public sealed record Liveness(string Status);
}

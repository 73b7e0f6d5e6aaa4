using Hexabase.Domain.Billing;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Health;

/// <param name="Status"><c>ready</c>, <c>not_ready</c> or <c>stopping</c>.</param>
/// <param name="Checks"><c>ok</c> or <c>failing</c> for each dependency; empty while stopping.</param>
public sealed record Readiness(string Status, IReadOnlyDictionary<string, string> Checks);

public sealed partial class ReadyTrigger(
    IDocumentStore documents, IBlobStore blobs, IHostApplicationLifetime lifetime, ILogger<ReadyTrigger> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>200 when document and blob store answer; 503 naming the one that does not, and from when the app is told to stop.</summary>
    /// <remarks>
    /// The queue is not asked: over HTTP it takes messages and deletes them, and tells nothing about itself to who may only send. While it is
    /// down requests are accepted all the same, and the objective <c>enqueue</c> shows it.
    /// </remarks>
    [Function("Ready"), AllowAnonymous]
    [ProducesResponseType<Readiness>(200), ProducesResponseType<Readiness>(503)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request, CancellationToken ct)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return Answer("stopping", new Dictionary<string, string>(StringComparer.Ordinal));
        var checks = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["documents"] = await Check(
                "documents", async patience => await documents.Read<Quota>(Containers.Accounts, "health", Quota.DocumentId, patience), ct),
            ["blobs"] = await Check("blobs", async patience => await blobs.Exists("data/health", patience), ct),
        };
        return Answer(checks.Values.All(state => state == "ok") ? "ready" : "not_ready", checks);
    }

    private static IResult Answer(string status, IReadOnlyDictionary<string, string> checks) => Results.Json(
        new Readiness(status, checks),
        statusCode: status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

    private async Task<string> Check(string name, Func<CancellationToken, Task> look, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await look(patience.Token);
            return "ok";
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogNotReady(logger, e, name);
            return "failing";
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Dependency} does not answer")]
    private static partial void LogNotReady(ILogger logger, Exception e, string dependency);
}

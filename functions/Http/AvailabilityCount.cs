using Hexabase.Domain.Operations;
using Hexabase.Worker;
using Hexabase.Worker.Discovery;

namespace Hexabase.Functions.Http;

/// <summary>
/// Counts for <see cref="Objective.Availability"/> every request that an HTTP function answers, health checks left out: 5xx and answers
/// that were cut off are bad. Whoever gave up waiting is not counted, nor is whom a stopping app cuts off: the server tells the two alike.
/// </summary>
public static class AvailabilityCount
{
    public static void UseAvailabilityCount(this WebApplication app) => app.Use(Count);

    /// <summary>To be passed before anything that turns failures into answers.</summary>
    public static async Task Count(HttpContext context, RequestDelegate next)
    {
        var isWhole = false;
        try
        {
            await next(context);
            isWhole = true;
        }
        finally
        {
            if (IsCovered(context))
                Objective.Availability.Count(isWhole && context.Response.StatusCode < StatusCodes.Status500InternalServerError);
        }
    }

    private static bool IsCovered(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<FunctionDescriptor>()?.Trigger is HttpTriggerAttribute
        && !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && !context.RequestAborted.IsCancellationRequested;
}

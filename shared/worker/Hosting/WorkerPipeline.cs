using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Hexabase.Worker.Hosting;

/// <summary>
/// What stands before the app's own pipeline: the readiness ping, and how connections end. How failures look is the app's business. Also builds the
/// functions' endpoints, so that one that cannot be built keeps the app from starting.
/// </summary>
internal sealed class WorkerPipeline(FunctionEndpointDataSource functions) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<ReadinessPing>();
        app.UseMiddleware<GracefulStop>();
        next(app);
        _ = functions.Endpoints;
    };
}

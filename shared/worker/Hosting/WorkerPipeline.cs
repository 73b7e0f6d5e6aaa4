using Hexabase.Worker.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Hexabase.Worker.Hosting;

/// <summary>
/// What stands around the app's own pipeline: the readiness ping, and a problem document (RFC 9457) wherever a reply with an error
/// status would have no body. Also builds the functions' endpoints, so that one that cannot be built keeps the app from starting.
/// </summary>
internal sealed class WorkerPipeline(FunctionEndpointDataSource functions) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<ReadinessPing>();
        app.UseStatusCodePages();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = failure =>
                failure is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = failed => failed.Exception is BadHttpRequestException || HttpInvoker.WasLogged(failed.HttpContext),
        });
        next(app);
        _ = functions.Endpoints;
    };
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Http;

/// <summary>Runs an HTTP function in its log scope. What it throws goes on to the app's own exception handling, which logs it.</summary>
internal sealed class HttpInvoker(RequestDelegate bound, ILogger logger)
{
    public async Task Invoke(HttpContext context)
    {
        using var scope = logger.BeginScope(InvocationScope.OfHttp(context));
        await bound(context);
    }
}

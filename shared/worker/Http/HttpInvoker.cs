using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Http;

/// <summary>Runs an HTTP function in its log scope. What it throws goes on to the app's exception handling.</summary>
internal sealed class HttpInvoker(string function, RequestDelegate bound, ILogger logger)
{
    private static readonly object Logged = new();

    public async Task Invoke(HttpContext context)
    {
        using var scope = logger.BeginScope(new InvocationScope(function, context.Request));
        try
        {
            await bound(context);
        }
        catch (Exception e) when (IsLogged(e, context))
        {
            throw; // Never: the filter logs inside the scope and lets the exception pass.
        }
    }

    /// <summary>True when the failure was logged here, so that nothing further out repeats it.</summary>
    public static bool WasLogged(HttpContext context) => context.Items.ContainsKey(Logged);

    private bool IsLogged(Exception failure, HttpContext context)
    {
        if (failure is not BadHttpRequestException && !(failure is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            logger.Failed(function, failure);
            context.Items[Logged] = true;
        }
        return false;
    }
}

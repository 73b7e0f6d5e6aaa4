using Microsoft.Extensions.Primitives;

namespace Hexabase.Functions.Http;

/// <summary>
/// Names each request: takes <c>X-Correlation-ID</c> from the caller (1–128 of letters, digits, <c>.</c> <c>_</c> <c>-</c>) or makes
/// one, puts it into the reply, the log scope and <see cref="HttpContext.TraceIdentifier"/>, from where messages and documents get it. A message brings the id of
/// the request that it comes from, so the host's own calls get no scope here.
/// </summary>
public static class CorrelationId
{
    public const string Header = "X-Correlation-ID";

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-");

    public static void UseCorrelationId(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(CorrelationId).FullName!);
        app.Use(async (context, next) =>
        {
            var id = Accept(context.Request.Headers[Header]) ?? Guid.NewGuid().ToString("N");
            context.TraceIdentifier = id;
            context.Response.Headers[Header] = id;
            using (IsHostsOwn(context.Request) ? null : logger.BeginScope(new KeyValuePair<string, object>[] { new("correlation_id", id) }))
                await next(context);
        });
    }

    /// <summary><c>POST /{FunctionName}</c>; what callers call has a longer path.</summary>
    private static bool IsHostsOwn(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path.Value is { Length: > 1 } path && path.IndexOf('/', 1) < 0;

    private static string? Accept(StringValues header) =>
        header is [{ Length: > 0 and <= 128 } id] && !id.AsSpan().ContainsAnyExcept(Allowed) ? id : null;
}

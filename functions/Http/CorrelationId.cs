using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace Hexabase.Functions.Http;

/// <summary>
/// Names each request: takes <c>X-Correlation-ID</c> from the caller (1–128 of letters, digits, <c>.</c> <c>_</c> <c>-</c>) or makes
/// one, and puts it into the reply and <see cref="HttpContext.TraceIdentifier"/>, from where log lines, messages and documents get it.
/// </summary>
public static class CorrelationId
{
    public const string Header = "X-Correlation-ID";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-");

    public static void UseCorrelationId(this WebApplication app) => app.Use((context, next) =>
    {
        var id = Accept(context.Request.Headers[Header]) ?? Guid.NewGuid().ToString("N");
        context.TraceIdentifier = id;
        context.Response.Headers[Header] = id;
        return next(context);
    });

    private static string? Accept(StringValues header) =>
        header is [{ Length: > 0 and <= 128 } id] && !id.AsSpan().ContainsAnyExcept(Allowed) ? id : null;
}

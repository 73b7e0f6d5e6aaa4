using System.Buffers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Hexabase.Local.Http;

/// <summary>
/// What the platform itself answers when the app does not: problem details with a stable <c>code</c>, and the correlation id that the app
/// would have answered with.
/// </summary>
internal static class PlatformProblem
{
    private const string CorrelationId = "X-Correlation-ID";
    private const int LongestCorrelationId = 128;
    private static readonly SearchValues<char> InCorrelationId =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-");

    public static Task Write(HttpContext context, int status, string code, string detail) =>
        Of(context, status, code, detail).ExecuteAsync(context);

    /// <summary>Also sets the header.</summary>
    /// <param name="field">What part of the request is at fault; null when none in particular.</param>
    public static ProblemHttpResult Of(HttpContext context, int status, string code, string detail, string? field = null)
    {
        context.Response.Headers[CorrelationId] = Valid(context.Request.Headers[CorrelationId]) ?? Guid.NewGuid().ToString("N");
        var problem = new ProblemDetails
        {
            Type = $"urn:hexabase:problem:{code}",
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = detail,
            Extensions = { ["code"] = code },
        };
        if (field is not null)
            problem.Extensions["field"] = field;
        return TypedResults.Problem(problem);
    }

    public static Task NotFound(HttpContext context) =>
        Write(context, StatusCodes.Status404NotFound, "NOT_FOUND", "No function has this route and method.");

    private static string? Valid(StringValues header) =>
        header is [{ Length: > 0 and <= LongestCorrelationId } id] && !id.AsSpan().ContainsAnyExcept(InCorrelationId) ? id : null;
}

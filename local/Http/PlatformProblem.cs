using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Hexabase.Local.Http;

/// <summary>What the platform itself answers when the app does not, as problem details with a stable <c>code</c>.</summary>
internal static class PlatformProblem
{
    public static Task Write(HttpContext context, int status, string code, string detail) =>
        Results.Problem(new ProblemDetails
        {
            Type = $"urn:hexabase:problem:{code}",
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = detail,
            Extensions = { ["code"] = code },
        }).ExecuteAsync(context);

    public static Task NotFound(HttpContext context) =>
        Write(context, StatusCodes.Status404NotFound, "NOT_FOUND", "No function has this route and method.");
}

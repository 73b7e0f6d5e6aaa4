using System.Globalization;
using Hexabase.Domain;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Hexabase.Functions.Http;

/// <summary>
/// Refusals as RFC 9457 problem details: <c>type</c>, <c>title</c>, <c>status</c>, <c>detail</c>, and the members <c>code</c> (stable),
/// <c>field</c> (input at fault), <c>correlation_id</c> and those that the refusal adds.
/// </summary>
public static class Problem
{
    private static readonly IReadOnlyDictionary<string, object> Empty = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>The answer to a refusal; with <c>Retry-After</c> in whole seconds when waiting helps.</summary>
    public static IResult From(Refusal refusal) => new RefusalResult(refusal);

    /// <summary>The HTTP status of each kind of refusal.</summary>
    public static int Status(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        RefusalKind.PaymentRequired => StatusCodes.Status402PaymentRequired,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        RefusalKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        RefusalKind.RateLimited => StatusCodes.Status429TooManyRequests,
        RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>Writes a refusal as the reply, under another status than its kind's where HTTP has a better one.</summary>
    public static Task Write(HttpContext context, Refusal refusal, int? status = null)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ETag = default;
        if (refusal.RetryAfter is { } wait)
            headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var code = status ?? Status(refusal.Kind);
        var problem = new ProblemDetails
        {
            Type = $"urn:hexabase:problem:{refusal.Code}",
            Title = ReasonPhrases.GetReasonPhrase(code),
            Status = code,
            Detail = refusal.Detail,
            Extensions = { ["code"] = refusal.Code, ["correlation_id"] = context.TraceIdentifier },
        };
        if (refusal.Field is { } field)
            problem.Extensions["field"] = field;
        foreach (var (name, value) in refusal.Members ?? Empty)
            problem.Extensions[name] = value;
        return Results.Problem(problem).ExecuteAsync(context);
    }

    private sealed class RefusalResult(Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Write(httpContext, refusal);
    }
}

/// <summary>The way from a use case's answer to HTTP.</summary>
public static class ResultExtensions
{
    /// <summary><paramref name="onValue"/> of the value, or the problem of the refusal.</summary>
    public static IResult ToHttp<T>(this Result<T> result, Func<T, IResult> onValue) => result.Match(onValue, Problem.From);
}

using Microsoft.AspNetCore.Http.HttpResults;

namespace Hexabase.Local.Http;

/// <summary>
/// The routes below <c>/admin</c>, which need no key and are therefore for programs of this machine only. A web page that is open in a
/// browser here could call them too, under the platform's name or one that its owner points at this machine: both are refused.
/// </summary>
internal static class AdminRoutes
{
    public static RouteGroupBuilder MapAdmin(this IEndpointRouteBuilder routes) => routes.MapGroup("/admin").OnlyFromHere();

    /// <summary>Closes routes to whatever is not a program of this machine, as those below <c>/admin</c> are.</summary>
    public static RouteGroupBuilder OnlyFromHere(this RouteGroupBuilder routes) => routes.AddEndpointFilter(
        async (context, next) => IsFromHere(context.HttpContext.Request) ? await next(context) : Forbidden(context.HttpContext));

    private static bool IsFromHere(HttpRequest request) =>
        request.Host.Host is "localhost" or "127.0.0.1" or "[::1]"
        && (request.Headers.Origin is not [{ } origin, ..] || origin == $"{request.Scheme}://{request.Host}")
        && request.Headers["Sec-Fetch-Site"] != "cross-site";

    private static ProblemHttpResult Forbidden(HttpContext context) => PlatformProblem.Of(
        context, StatusCodes.Status403Forbidden, "FORBIDDEN", "The operator's routes are closed to pages of other sites.");
}

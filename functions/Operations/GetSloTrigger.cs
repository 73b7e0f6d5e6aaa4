using System.Security.Claims;
using Hexabase.Domain.Operations;
using Hexabase.Functions.Accounts;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Operations;

public sealed class GetSloTrigger(SloBook book, IAuthorizationService authorization)
{
    /// <summary>
    /// How the service keeps its promises: shares and percentiles for everybody, numbers of events for operators too. A page for browsers,
    /// JSON for all others.
    /// </summary>
    [Function("GetSlo"), AllowAnonymous]
    [ProducesResponseType<SloReport>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/slo")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.Vary = "Accept, Authorization";
        var report = await book.Read(ct);
        if (!(await authorization.AuthorizeAsync(user, AccountsServices.OperatorPolicy)).Succeeded)
            report = report.WithoutVolumes();
        if (!IsForBrowser(request))
            return Results.Ok(report);
        headers.ContentSecurityPolicy = SloPage.ContentSecurityPolicy;
        return Results.Text(SloPage.Of(report), "text/html; charset=utf-8");
    }

    /// <summary>Browsers name HTML; a program that takes anything gets JSON.</summary>
    private static bool IsForBrowser(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
}

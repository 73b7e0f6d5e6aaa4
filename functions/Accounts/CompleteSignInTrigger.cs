using Hexabase.Domain.Accounts;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Accounts;

public sealed partial class CompleteSignInTrigger(CompleteSignInHandler handler, AuthCookies cookies, ILogger<CompleteSignInTrigger> logger)
{
    /// <summary>
    /// Where a provider sends the browser back to. Ends at the <c>redirect</c> of the start: signed in, or with <c>?error=CODE</c>. Only
    /// an answer that belongs to no sign-in of this browser is a problem reply, because there is no address to trust.
    /// </summary>
    [Function("CompleteSignIn"), AllowAnonymous]
    [ProducesResponseType(302)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/auth/{provider}/callback")] HttpRequest request,
        string provider,
        [FromQuery] string? state,
        [FromQuery] string? code,
        [FromQuery] string? error,
        CancellationToken ct)
    {
        var response = request.HttpContext.Response;
        var ask = new CompleteSignIn(
            provider, request.Cookies[AuthCookies.Pending], state, code, error, request.Cookies[AuthCookies.Refresh]);
        return (await handler.Handle(ask, ct)).ToHttp(completed =>
        {
            cookies.ClearPending(response, provider);
            if (completed.Opened is { } token)
                cookies.SetRefresh(response, token);
            if (completed.Refusal is { } refusal)
                LogNotSignedIn(logger, provider, refusal.Code, (refusal as SignInFailed)?.Reason);
            return Results.Redirect(completed.ReturnTo.AbsoluteUri);
        });
    }

    [LoggerMessage(LogLevel.Information, "Sign-in with {Provider} ended with {Code}. {Reason}")]
    private static partial void LogNotSignedIn(ILogger logger, string provider, string code, string? reason);
}

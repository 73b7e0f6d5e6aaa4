using System.Security.Claims;

namespace Hexabase.Functions.Http;

/// <summary>Who calls, read from the verified access token.</summary>
public static class Caller
{
    public const string AccountIdClaim = "sub";

    /// <summary>The signed-in account; null for an anonymous caller.</summary>
    public static string? AccountIdOrNull(this ClaimsPrincipal user) => user.FindFirst(AccountIdClaim)?.Value;

    /// <summary>The signed-in account, in functions that only signed-in callers reach.</summary>
    public static string AccountId(this ClaimsPrincipal user) =>
        user.AccountIdOrNull() ?? throw new InvalidOperationException("The function is not declared for signed-in callers.");
}

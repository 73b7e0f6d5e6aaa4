namespace Hexabase.Domain.Accounts;

/// <summary>The access token is good, but the account it names is not here any more. For callers; a target is "not found".</summary>
public sealed record AccountGone() : Refusal(RefusalKind.Unauthenticated, "ACCOUNT_GONE", "This account does not exist. Sign in again.");

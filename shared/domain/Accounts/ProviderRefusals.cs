namespace Hexabase.Domain.Accounts;

/// <summary>There is no such provider, or it is not configured.</summary>
public sealed record UnknownProvider(string Provider) : Refusal(
    RefusalKind.NotFound, "UNKNOWN_PROVIDER", $"Sign-in with '{Provider}' is not offered here.");

/// <summary>The provider does not answer, or says that it cannot at the moment.</summary>
public sealed record ProviderUnavailable(string Provider) : Refusal(
    RefusalKind.Unavailable, "PROVIDER_UNAVAILABLE", $"{Provider} does not answer. Try again in a moment.");

/// <summary>The person did not consent.</summary>
public sealed record AccessDenied(string Provider) : Refusal(
    RefusalKind.Forbidden, "ACCESS_DENIED", $"Consent was not given at {Provider}.");

/// <summary>
/// The provider answered, but not with a signed-in person: a used code, a wrong client secret, an answer nobody can read.
/// </summary>
/// <param name="Reason">For the log; holds nothing secret.</param>
public sealed record SignInFailed(string Provider, string Reason) : Refusal(
    RefusalKind.Unprocessable, "SIGN_IN_FAILED", $"{Provider} did not complete the sign-in. Start again.");

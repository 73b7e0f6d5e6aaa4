using System.Text.RegularExpressions;
using Hexabase.Domain;
using Microsoft.AspNetCore.WebUtilities;

namespace Hexabase.Functions.Http;

/// <summary>
/// The body or a parameter could not be read, and no single field is at fault; otherwise it is <see cref="InvalidInput"/>.
/// </summary>
public sealed record MalformedRequest(string Reason) : Refusal(RefusalKind.Invalid, "MALFORMED_REQUEST", Reason);

/// <summary>The body is larger than this function takes.</summary>
public sealed record BodyTooLarge() : Refusal(
    RefusalKind.TooLarge, "BODY_TOO_LARGE", "The request's body is larger than this function takes.");

/// <summary>Nothing answers at this address.</summary>
public sealed record RouteNotFound() : Refusal(
    RefusalKind.NotFound, "ROUTE_NOT_FOUND", "There is no such function. GET /api/openapi.json lists them.");

/// <summary>What the server refuses before any function sees it, named after its status: <c>METHOD_NOT_ALLOWED</c> and the like.</summary>
public sealed partial record Rejected(int Status) : Refusal(
    RefusalKind.Invalid, CodeOf(Status), $"{ReasonPhrases.GetReasonPhrase(Status)}.")
{
    private static string CodeOf(int status) => NotLetters().Replace(ReasonPhrases.GetReasonPhrase(status), "_").ToUpperInvariant();

    [GeneratedRegex("[^A-Za-z]+", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex NotLetters();
}

/// <summary>A store or queue does not answer.</summary>
public sealed record DependencyUnavailable : Refusal
{
    public DependencyUnavailable() : base(
        RefusalKind.Unavailable,
        "DEPENDENCY_UNAVAILABLE",
        "Something this depends on does not answer at the moment. Send the request again.") =>
        RetryAfter = TimeSpan.FromSeconds(5);
}

/// <summary>The fault is ours; it is in the log under the correlation id.</summary>
public sealed record InternalError() : Refusal(
    RefusalKind.Internal, "INTERNAL_ERROR", "Something went wrong on our side. Try again; if it stays, tell support the correlation_id.");

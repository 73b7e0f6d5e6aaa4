using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Documents;

namespace Hexabase.Functions.Http;

/// <summary>The request's body or parameters could not be read.</summary>
public sealed record MalformedRequest : Refusal
{
    public MalformedRequest(string? field, string detail) : base(RefusalKind.Invalid, "MALFORMED_REQUEST", detail) => Field = field;
}

/// <summary>The body is larger than this function takes.</summary>
public sealed record BodyTooLarge() : Refusal(RefusalKind.TooLarge, "BODY_TOO_LARGE", "The request's body is larger than this function takes.");

/// <summary>The fault is ours; it is in the log under the correlation id.</summary>
public sealed record InternalError() : Refusal(
    RefusalKind.Internal, "INTERNAL_ERROR", "Something went wrong on our side. Try again; if it stays, tell support the correlation_id.");

/// <summary>Nothing answers at this address.</summary>
public sealed record UnknownRoute() : Refusal(RefusalKind.NotFound, "ROUTE_NOT_FOUND", "There is no such function. GET /api/openapi.json lists them.");

/// <summary>Turns what a function throws, and replies without a body, into problem details.</summary>
public static partial class ProblemsForExceptions
{
    public static void UseProblemsForExceptions(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ProblemsForExceptions).FullName!);
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // The caller is gone; there is nobody to answer.
                return;
            }
            catch (Exception e) when (!context.Response.HasStarted)
            {
                var refusal = ToRefusal(e);
                if (refusal is InternalError)
                    LogUnhandled(logger, e, context.Request.Method, context.Request.Path);
                await Problem.From(refusal).ExecuteAsync(context);
                return;
            }
            if (context.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false } && context.GetEndpoint() is null)
                await Problem.From(new UnknownRoute()).ExecuteAsync(context);
        });
    }

    private static Refusal ToRefusal(Exception e) => e switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new BodyTooLarge(),
        BadHttpRequestException { InnerException: JsonException json } => FromJson(json),
        BadHttpRequestException bad => new MalformedRequest(null, bad.Message),
        InvalidContinuationException => new InvalidInput("continuation", "The continuation was not made by this list. Begin without one."),
        _ => new InternalError(),
    };

    private static MalformedRequest FromJson(JsonException e)
    {
        var field = e.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
        return new MalformedRequest(field, field is null ? "The body is not the JSON object this function takes." : $"The value of {field} has the wrong type or form.");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void LogUnhandled(ILogger logger, Exception e, string method, PathString path);
}

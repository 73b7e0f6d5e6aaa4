using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Messaging;
using Hexabase.Worker;

namespace Hexabase.Functions.Http;

/// <summary>
/// The one place where what goes wrong around a function becomes problem details, and a line in the log when the fault is ours: what it
/// throws, and replies with an error status that have no body.
/// </summary>
public static partial class ProblemsForExceptions
{
    private const string MissingProperties = "missing required properties including: '";

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
                await Answer(context, e, logger);
                return;
            }
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null } response)
                await AnswerBare(context, response);
        });
    }

    private static Task Answer(HttpContext context, Exception e, ILogger logger)
    {
        var refusal = ToRefusal(e);
        if (refusal.Kind is RefusalKind.Internal or RefusalKind.Unavailable)
            Log(context, e, refusal, logger);
        context.Response.Headers.SetCookie = default;
        return Problem.Write(context, refusal, (e as BadHttpRequestException)?.StatusCode);
    }

    private static Task AnswerBare(HttpContext context, HttpResponse response)
    {
        // Preflight answers OPTIONS at every address, so where only that is allowed there is nothing.
        var isNowhere = response.StatusCode == StatusCodes.Status404NotFound && context.GetEndpoint() is null
            || response.StatusCode == StatusCodes.Status405MethodNotAllowed && response.Headers.Allow == HttpMethods.Options;
        if (response.StatusCode == StatusCodes.Status413PayloadTooLarge)
            return Problem.Write(context, new BodyTooLarge());
        if (!isNowhere)
            return Problem.Write(context, new Rejected(response.StatusCode), response.StatusCode);
        response.Headers.Allow = default;
        return Problem.Write(context, new RouteNotFound());
    }

    private static Refusal ToRefusal(Exception e) => e switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new BodyTooLarge(),
        BadHttpRequestException { InnerException: JsonException json } => FromJson(json),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => new MalformedRequest(bad.Message),
        BadHttpRequestException bad => new Rejected(bad.StatusCode),
        InvalidContinuationException => new InvalidInput("continuation", "The continuation was not made by this list. Begin without one."),
        DependencyUnavailableException or MessagingException { IsRejection: false } => new DependencyUnavailable(),
        _ => new InternalError(),
    };

    private static Refusal FromJson(JsonException e)
    {
        if (FirstMissing(e.Message) is { } missing)
            return new InvalidInput(missing, $"{missing} is required.");
        return e.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal)
            ? new InvalidInput(path[2..], $"The value of {path[2..]} has the wrong type or form.")
            : new MalformedRequest("The body is not the JSON object this function takes.");
    }

    /// <summary>The serializer names what is missing in its message only; null when it says something else.</summary>
    private static string? FirstMissing(string message)
    {
        var start = message.IndexOf(MissingProperties, StringComparison.Ordinal);
        if (start < 0)
            return null;
        start += MissingProperties.Length;
        var end = message.IndexOf('\'', start);
        return end < 0 ? null : message[start..end];
    }

    /// <summary>The function's own scope is over by now, so its line is written in another one like it.</summary>
    private static void Log(HttpContext context, Exception e, Refusal refusal, ILogger logger)
    {
        using var scope = logger.BeginScope(InvocationScope.OfHttp(context));
        if (refusal.Kind == RefusalKind.Unavailable)
            LogUnavailable(logger, e, context.Request.Method, context.Request.Path);
        else
            LogFailed(logger, e, context.Request.Method, context.Request.Path);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void LogFailed(ILogger logger, Exception e, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} could not be answered: a dependency is down")]
    private static partial void LogUnavailable(ILogger logger, Exception e, string method, PathString path);
}

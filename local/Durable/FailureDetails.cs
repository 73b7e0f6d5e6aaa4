using Hexabase.Durable;

namespace Hexabase.Local.Durable;

/// <summary>Failures of functions as the Durable extension tells an orchestration of them.</summary>
internal static class FailureDetails
{
    /// <param name="message">Which function it was.</param>
    /// <param name="cause">What its answer was: of a custom handler no more than the status line is known.</param>
    public static TaskFailureDetails Of(string message, string cause) => new()
    {
        ErrorType = "Microsoft.Azure.WebJobs.Host.FunctionInvocationException",
        ErrorMessage = message,
        InnerFailure = new TaskFailureDetails { ErrorType = "System.Net.Http.HttpRequestException", ErrorMessage = cause },
    };

    /// <summary>An activity whose function failed.</summary>
    public static TaskFailureDetails OfActivity(string function, string cause) =>
        Of($"Exception while executing function: Functions.{function}", cause);

    /// <param name="kind">What it should have been.</param>
    public static TaskFailureDetails NoSuchFunction(string name, string kind) => new()
    {
        ErrorType = "System.InvalidOperationException",
        ErrorMessage = $"The function '{name}' doesn't exist, is disabled, or is not an {kind} function.",
    };
}

using Wire = Hexabase.Durable;

namespace Hexabase.Worker.Durable.Replay;

/// <summary>Failures as exceptions, as details and as wire messages.</summary>
internal static class TaskFailures
{
    /// <summary>
    /// How an activity or orchestration failed that threw this. Without stack traces: they are in the log, and a history is read anew at
    /// every turn.
    /// </summary>
    public static TaskFailureDetails Of(Exception exception) => exception switch
    {
        // What failed for good within a sub-orchestration fails again when that is tried again.
        NonDeterministicOrchestrationException => new(NonDeterministicOrchestrationException.ErrorType, exception.Message),
        TaskFailedException failed => Details(failed, failed.FailureDetails, failed.FailureDetails.IsNonRetriable),
        _ => Details(exception, exception.InnerException is { } inner ? Of(inner) : null, exception is NonRetriableTaskException),
    };

    public static TaskFailureDetails FromWire(Wire.TaskFailureDetails? failure) => failure is null
        ? new("", "It failed without saying how.")
        : new(
            failure.ErrorType,
            failure.ErrorMessage,
            failure.StackTrace,
            failure.InnerFailure is { } inner ? FromWire(inner) : null,
            failure.IsNonRetriable);

    public static Wire.TaskFailureDetails ToWire(TaskFailureDetails failure) => new()
    {
        ErrorType = failure.ErrorType,
        ErrorMessage = failure.ErrorMessage,
        StackTrace = failure.StackTrace,
        InnerFailure = failure.InnerFailure is { } inner ? ToWire(inner) : null,
        IsNonRetriable = failure.IsNonRetriable,
    };

    private static TaskFailureDetails Details(Exception exception, TaskFailureDetails? inner, bool isNonRetriable) =>
        new(exception.GetType().FullName!, exception.Message, InnerFailure: inner, IsNonRetriable: isNonRetriable);
}

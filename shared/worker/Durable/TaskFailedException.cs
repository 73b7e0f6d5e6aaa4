namespace Hexabase.Worker.Durable;

/// <summary>An activity or a sub-orchestration failed.</summary>
public sealed class TaskFailedException(string taskName, int taskId, TaskFailureDetails details)
    : Exception($"Task '{taskName}' (#{taskId}) failed: {details.ErrorMessage}")
{
    public string TaskName { get; } = taskName;

    /// <summary>The number of the call within its orchestration.</summary>
    public int TaskId { get; } = taskId;

    public TaskFailureDetails FailureDetails { get; } = details;
}

/// <summary>How something failed.</summary>
/// <param name="ErrorType">Full name of the exception's type.</param>
/// <param name="IsNonRetriable">Trying again cannot help.</param>
public sealed record TaskFailureDetails(
    string ErrorType, string ErrorMessage, string? StackTrace = null, TaskFailureDetails? InnerFailure = null, bool IsNonRetriable = false)
{
    /// <summary>True when the exception was of exactly this type.</summary>
    public bool IsCausedBy<T>() where T : Exception => ErrorType == typeof(T).FullName;
}

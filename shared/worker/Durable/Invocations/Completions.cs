using Hexabase.Durable;
using Hexabase.Worker.Durable.Replay;
using Wire = Hexabase.Durable;

namespace Hexabase.Worker.Durable.Invocations;

/// <summary>How turns end that fail.</summary>
/// <remarks>
/// The Durable extension takes a failure whose inner failure is of the type <c>System.OutOfMemoryException</c> for a trouble of the
/// machine and plays the turn again later (RemoteOrchestratorContext).
/// </remarks>
internal static class Completions
{
    private static readonly string TroubleOfTheMachine = typeof(OutOfMemoryException).FullName!;

    /// <summary>Ends the orchestration as failed, for what could not be played.</summary>
    public static OrchestratorResponse Failed(Exception exception) => Final(Failed(TaskFailures.ToWire(TaskFailures.Of(exception))));

    /// <summary>Makes the host play the turn again later.</summary>
    public static OrchestratorResponse TryAgain(OutOfMemoryException exception) => Failed(new Wire.TaskFailureDetails
    {
        ErrorType = TroubleOfTheMachine,
        ErrorMessage = exception.Message,
        InnerFailure = new Wire.TaskFailureDetails { ErrorType = TroubleOfTheMachine, ErrorMessage = exception.Message },
    });

    /// <summary>
    /// Lets a failure be one. An orchestration that fails as one of its activities ran out of memory would play its last turn for ever.
    /// </summary>
    public static OrchestratorResponse Final(OrchestratorResponse response)
    {
        foreach (var action in response.Actions)
            if (action.CompleteOrchestration?.FailureDetails?.InnerFailure is { } inner && inner.ErrorType == TroubleOfTheMachine)
                inner.ErrorType = nameof(OutOfMemoryException);
        return response;
    }

    private static OrchestratorResponse Failed(Wire.TaskFailureDetails failure) => new()
    {
        Actions =
        {
            new OrchestratorAction
            {
                CompleteOrchestration = new CompleteOrchestrationAction
                {
                    OrchestrationStatus = OrchestrationStatus.Failed,
                    Result = failure.ErrorMessage,
                    FailureDetails = failure,
                },
            },
        },
    };
}

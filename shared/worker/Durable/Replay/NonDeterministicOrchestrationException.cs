namespace Hexabase.Worker.Durable.Replay;

/// <summary>The code of an orchestration does something else than its history says that it did.</summary>
internal sealed class NonDeterministicOrchestrationException(int id, string recorded, string now) : Exception(
    $"Step {id} differs: by the history it is {recorded}, but the code now {now}. The code of an orchestration must do the same at every "
    + "replay. If it was changed, deploy the change under a new name and let running instances end with the old one, or terminate them "
    + "and start them anew.")
{
    /// <summary>What Durable Task calls it.</summary>
    public const string ErrorType = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";
}

namespace Hexabase.Worker.Durable;

/// <summary>How an activity or an orchestration is called.</summary>
/// <param name="Retry">Whether a failure is tried again; null for never.</param>
public record TaskOptions(RetryPolicy? Retry = null)
{
    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(policy);

    /// <summary>The same for a sub-orchestration, under an id of its own.</summary>
    public SubOrchestrationOptions WithInstanceId(string instanceId) => new(Retry, instanceId);
}

/// <summary>How a sub-orchestration is called.</summary>
/// <param name="InstanceId">Its id; null for one that follows from the caller's.</param>
public sealed record SubOrchestrationOptions(RetryPolicy? Retry = null, string? InstanceId = null) : TaskOptions(Retry);

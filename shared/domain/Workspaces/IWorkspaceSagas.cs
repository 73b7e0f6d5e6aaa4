namespace Hexabase.Domain.Workspaces;

/// <summary>The orchestrations of workspaces, as use cases start them and speak with them. An instance has the id of the change it carries out.</summary>
public interface IWorkspaceSagas
{
    /// <summary>Starts the orchestration of a change, or does nothing while it runs.</summary>
    /// <exception cref="DependencyUnavailableException">It may or may not have been started.</exception>
    Task Start(WorkspaceChangeKind kind, string changeId, CancellationToken ct);

    /// <summary>
    /// Tells a running orchestration that something has happened, named by <see cref="SagaEvents"/>. False when none of this id runs or it
    /// cannot be told at the moment: what has happened is on record, and it looks there by itself.
    /// </summary>
    Task<bool> Raise(string changeId, string eventName, CancellationToken ct);

    /// <summary>How the orchestration of a change stands.</summary>
    /// <exception cref="DependencyUnavailableException">There was no answer.</exception>
    Task<SagaState> Read(string changeId, CancellationToken ct);
}

/// <summary>What can be done to a workspace that takes longer than a request.</summary>
public enum WorkspaceChangeKind
{
    Upgrade,
    Downgrade,
    NodeOrder,
}

/// <summary>How the platform that runs it sees an orchestration.</summary>
public enum SagaState
{
    Missing,
    Running,
    Finished,

    /// <summary>The platform gave up on it without a reason of the product's: it is to be started again from its recorded progress.</summary>
    Failed,
}

/// <summary>
/// Events that wake a waiting orchestration. They carry nothing: what is meant stands in the change's document, written before the event is
/// raised, so that a lost or repeated event does no harm.
/// </summary>
public static class SagaEvents
{
    /// <summary>The owner gave another payment method, authenticated a payment, or gave up.</summary>
    public const string PaymentAnswered = "PaymentAnswered";

    /// <summary>Support resolved a ticket.</summary>
    public const string SupportAnswered = "SupportAnswered";

    /// <summary>The owner took a wish back, such as a downgrade.</summary>
    public const string Withdrawn = "Withdrawn";
}

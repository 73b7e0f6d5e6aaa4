namespace Hexabase.Domain.Workspaces.Changes;

/// <summary>What an event does to a change.</summary>
public abstract record Transition<T>
{
    private Transition()
    {
    }

    /// <param name="Event">For the audit trail: what happened.</param>
    /// <param name="Detail">For the audit trail, for people; no secrets.</param>
    public sealed record Moved(T Next, string Event, string? Detail = null) : Transition<T>;

    /// <summary>It had this effect before.</summary>
    public sealed record Repeated : Transition<T>;

    /// <summary>It cannot happen to the change as it stands.</summary>
    public sealed record Refused(string Reason) : Transition<T>;
}

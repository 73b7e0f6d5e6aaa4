namespace Hexabase.Domain.Workspaces.Changes;

/// <summary>
/// An upgrade, a downgrade or a node order: a document in the account's partition that holds how far it has come. Only <see cref="Journal"/>
/// writes it.
/// </summary>
/// <typeparam name="TSelf">The change itself.</typeparam>
public interface IWorkspaceChange<TSelf> where TSelf : class, IWorkspaceChange<TSelf>
{
    /// <summary>Begins the ids of the documents of its kind; the serial of the change follows.</summary>
    static abstract string IdPrefix { get; }

    /// <summary>How many lines of the audit trail it has.</summary>
    int LogLines { get; }

    string CorrelationId { get; }

    /// <summary>True once nothing about it changes any more.</summary>
    bool IsFinished();

    /// <summary>The change with so many lines of the audit trail.</summary>
    TSelf WithLogLines(int lines);
}

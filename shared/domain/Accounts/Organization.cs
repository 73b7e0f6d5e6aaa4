namespace Hexabase.Domain.Accounts;

/// <summary>The personal organization of an account. Document <see cref="DocumentId"/> in the account's partition.</summary>
/// <param name="Id"><c>o_</c> and a time-ordered id.</param>
public sealed record Organization(string Id, string Name, DateTimeOffset CreatedAt)
{
    public const string DocumentId = "organization";
}

/// <summary>The record of an account's workspace. Document <see cref="DocumentId"/> in the account's partition.</summary>
/// <param name="Id"><c>w_</c> and a time-ordered id.</param>
/// <param name="Name"><see cref="FirstName"/> until it is renamed.</param>
public sealed record Workspace(string Id, string Name, WorkspaceStatus Status, DateTimeOffset CreatedAt)
{
    public const string DocumentId = "workspace";

    public const string FirstName = "dev-workspace";
}

/// <summary>How far a workspace has come.</summary>
public enum WorkspaceStatus
{
    /// <summary>On record only: nothing has been set up for it on a cluster.</summary>
    Recorded,
}

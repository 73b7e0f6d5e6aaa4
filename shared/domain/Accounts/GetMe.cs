using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Domain.Accounts;

/// <summary>Asks who the signed-in account is.</summary>
public sealed record GetMe(string AccountId);

/// <summary>An account as its owner sees it.</summary>
/// <param name="Operator">May use the operators' functions.</param>
/// <param name="Links">Where to go on from here, by relation.</param>
public sealed record Me(
    MyProfile User,
    Organization Organization,
    MyWorkspace Workspace,
    PlanName Plan,
    bool SpeedPack,
    bool Operator,
    IReadOnlyDictionary<string, string> Links);

/// <param name="Identities">The providers this account can be entered through.</param>
public sealed record MyProfile(
    string Id, string DisplayName, string? Email, bool EmailVerified, IReadOnlyList<MyIdentity> Identities, DateTimeOffset CreatedAt);

public sealed record MyIdentity(string Provider, DateTimeOffset LinkedAt);

/// <summary>The account's workspace, in short; its plan page tells the rest.</summary>
public sealed record MyWorkspace(string Id, string Name, WorkspaceStatus Status, WorkspacePlanName Plan, DateTimeOffset CreatedAt)
{
    internal static MyWorkspace Of(Workspace workspace) =>
        new(workspace.Id, workspace.Name, workspace.Status, workspace.Plan, workspace.CreatedAt);
}

/// <summary>Reads the account's own documents.</summary>
public sealed class GetMeHandler(IDocumentStore documents, Operators operators)
{
    private static readonly IReadOnlyDictionary<string, string> Links = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["self"] = "/api/me",
        ["usage"] = "/api/usage",
        ["workspace_plan"] = "/api/workspace/plan",
        ["notices"] = "/api/notices",
        ["strategies"] = "/api/strategies?mine=true",
        ["refresh"] = "/api/auth/refresh",
        ["sign_out"] = "/api/auth/sign-out",
    };

    /// <summary>Refused with <see cref="AccountGone"/> when the token is good but its account is gone.</summary>
    public async Task<Result<Me>> Handle(GetMe ask, CancellationToken ct)
    {
        if (await Read<User>(ask, User.DocumentId, ct) is not { } user
            || await Read<Quota>(ask, Quota.DocumentId, ct) is not { } quota
            || await Read<Organization>(ask, Organization.DocumentId, ct) is not { } organization
            || await Read<Workspace>(ask, Workspace.DocumentId, ct) is not { } workspace)
            return new AccountGone();
        var identities = user.Identities.Select(i => new MyIdentity(i.Provider, i.LinkedAt)).ToArray();
        var profile = new MyProfile(user.Id, user.DisplayName, user.Email, user.EmailVerified, identities, user.CreatedAt);
        return new Me(profile, organization, MyWorkspace.Of(workspace), quota.Plan, quota.SpeedPack, operators.Include(user.VerifiedEmail), Links);
    }

    private async ValueTask<T?> Read<T>(GetMe ask, string id, CancellationToken ct) where T : class =>
        (await documents.Read<T>(Containers.Accounts, ask.AccountId, id, ct))?.Value;
}

using System.Text.Json.Serialization;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces;

/// <summary>An account's workspace. Document <see cref="DocumentId"/> in the account's partition.</summary>
/// <param name="Id"><c>w_</c> and a time-ordered id.</param>
/// <param name="Name"><see cref="FirstName"/> until it is renamed.</param>
/// <param name="Plan">The plan in force.</param>
/// <param name="Features">What is switched on; null for what the plan hobby has.</param>
/// <param name="SubscriptionId">The payment provider's, while there is one.</param>
/// <param name="Nodes">Dedicated nodes that were asked for and not given back.</param>
/// <param name="RunningChange">Id of the upgrade, downgrade or node order that is under way; one at a time.</param>
/// <param name="PendingDowngrade">Id of the downgrade that waits for the end of the paid period; other changes may run meanwhile.</param>
/// <param name="CustomerId">The account at the payment provider, once there is one.</param>
public sealed record Workspace(
    string Id,
    string Name,
    WorkspaceStatus Status,
    DateTimeOffset CreatedAt,
    WorkspacePlanName Plan = WorkspacePlanName.Hobby,
    WorkspaceFeatures? Features = null,
    string? SubscriptionId = null,
    IReadOnlyList<WorkspaceNode>? Nodes = null,
    string? RunningChange = null,
    string? CustomerId = null,
    string? PendingDowngrade = null)
{
    public const string DocumentId = "workspace";

    public const string FirstName = "dev-workspace";

    /// <summary>Its namespace on the cluster, a DNS label.</summary>
    [JsonIgnore]
    public string Namespace => "ws-" + Id[2..];

    /// <summary>
    /// The limits and features in force: those that are switched on, which during a change are not yet, or no longer, its plan's. The room
    /// of its nodes is its own.
    /// </summary>
    public WorkspacePlan InForce(WorkspacePlans plans) => plans.WithNodes(
        Features is null ? plans.Hobby : plans[Plan] with { Features = Features }, Nodes?.Select(node => node.Size) ?? []);

    /// <summary>The account's workspace; null when there is no such account.</summary>
    public static ValueTask<Document<Workspace>?> Read(IDocumentStore documents, string accountId, CancellationToken ct) =>
        documents.Read<Workspace>(Containers.Accounts, accountId, DocumentId, ct);
}

/// <summary>How far a workspace has come.</summary>
public enum WorkspaceStatus
{
    /// <summary>On record only: nothing has been set up for it on a cluster.</summary>
    Recorded,

    /// <summary>Its namespace exists.</summary>
    Ready,
}

/// <summary>A dedicated node of a workspace.</summary>
/// <param name="Name">Of its MachineDeployment in the workspace's namespace.</param>
/// <param name="OrderedBy">The upgrade or node order it came with.</param>
/// <param name="Price">What it costs a month, as it was when it was ordered (product rule 8); null for the included one.</param>
public sealed record WorkspaceNode(
    string Name, string Size, string Region, bool Included, string OrderedBy, DateTimeOffset AddedAt, Price? Price = null)
{
    private const int SerialCharacters = 10;

    /// <summary>
    /// The node that comes with a change. Short, since the machine's host name is made of namespace, this and a suffix, and must stay a label
    /// of 63 characters; 50 bits of chance tell the nodes of one workspace apart.
    /// </summary>
    public static string NameFor(WorkspaceChangeId change) => "node-" + change.Serial[^SerialCharacters..];
}

using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces.Changes;

namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>
/// The upgrade of a workspace from plan hobby to plan pro: document <c>upgrade:{serial}</c> in the account's partition. It alone says how
/// far the upgrade has come; <see cref="UpgradeTransitions"/> moves it, <see cref="UpgradePlan"/> says what is next.
/// </summary>
/// <param name="UpgradeId">See <see cref="WorkspaceChangeId"/>.</param>
/// <param name="Steps">All of them, in order.</param>
/// <param name="Percent">Never falls, except on the way back.</param>
/// <param name="WaitingFor">What it waits for beside its own work; null for nothing.</param>
/// <param name="Workloads">The apps to move, once they are known.</param>
/// <param name="Failure">Why it waits for somebody, or ended other than completed.</param>
/// <param name="Ticket">What support was asked; null when nothing is open.</param>
/// <param name="RetryAt">When the present step is tried again; null for at once.</param>
/// <param name="CancelReason">Set once it is to end before anything is paid.</param>
public sealed record Upgrade(
    string UpgradeId,
    string WorkspaceId,
    string Namespace,
    UpgradeStatus Status,
    IReadOnlyList<UpgradeStep> Steps,
    int Percent,
    UpgradePayment Payment,
    UpgradeNode Node,
    DateTimeOffset CreatedAt,
    string CorrelationId,
    int LogLines,
    IReadOnlyList<UpgradeWorkload>? Workloads = null,
    WaitingFor? WaitingFor = null,
    UpgradeFailure? Failure = null,
    UpgradeTicket? Ticket = null,
    DateTimeOffset? RetryAt = null,
    string? CancelReason = null,
    DateTimeOffset? FinishedAt = null) : IWorkspaceChange<Upgrade>
{
    public static string IdPrefix => "upgrade:";

    /// <summary>A new one, whose first step is under way and whose first line of the audit trail is written with it.</summary>
    public static Upgrade New(
        WorkspaceChangeId id,
        Workspace workspace,
        string paymentMethod,
        string nodeSize,
        string region,
        string correlationId,
        DateTimeOffset now) => new(
        id.ToString(),
        workspace.Id,
        workspace.Namespace,
        UpgradeStatus.Running,
        [.. Enum.GetValues<UpgradeStepName>().Select(name => name == UpgradeStepName.PaymentMethod
            ? new UpgradeStep(name, StepState.Running, Attempts: 1, StartedAt: now)
            : new UpgradeStep(name, StepState.Pending, Attempts: 0))],
        Percent: 0,
        new UpgradePayment(paymentMethod, Attempt: 1, CustomerId: workspace.CustomerId),
        new UpgradeNode(WorkspaceNode.NameFor(id), nodeSize, region, UpgradeNodeState.None, FailedTries: 0),
        now,
        correlationId,
        LogLines: 1);

    public bool IsFinished() => Status is UpgradeStatus.Completed or UpgradeStatus.Cancelled or UpgradeStatus.Abandoned;

    public Upgrade WithLogLines(int lines) => this with { LogLines = lines };

    public UpgradeStep Step(UpgradeStepName name) => Steps[(int)name];

    /// <summary>The step that is being taken or, on the way back, taken back.</summary>
    public UpgradeStepName StepInHand() => (Status == UpgradeStatus.Compensating ? this.StepToUndo() : null) ?? this.CurrentStep();

    /// <summary>What the cluster is told about the workspace.</summary>
    /// <param name="pool">The plan whose share of the pool it has.</param>
    /// <param name="storage">The plan whose storage it has.</param>
    public WorkspaceSetup Setup(WorkspaceChangeId id, WorkspacePlan pool, WorkspacePlan storage) => new(
        Namespace,
        WorkspaceId,
        id.Account,
        storage.Features.StorageGb,
        storage.Features.StorageClass,
        pool.CpuMillis,
        pool.MemoryMb,
        pool.Pods);

    /// <summary>A point read; null when there is none of this id.</summary>
    public static ValueTask<Document<Upgrade>?> Read(IDocumentStore documents, WorkspaceChangeId id, CancellationToken ct) =>
        documents.Read<Upgrade>(Containers.Accounts, id.Account, IdPrefix + id.Serial, ct);
}

public enum UpgradeStatus
{
    /// <summary>The saga is at work, or tries again by itself.</summary>
    Running,

    /// <summary>The owner is to give another payment method or to authenticate.</summary>
    WaitingForPayment,

    /// <summary>Support is to decide.</summary>
    NeedsSupport,

    /// <summary>What was done is being taken back.</summary>
    Compensating,

    Completed,

    /// <summary>Ended before anything was paid.</summary>
    Cancelled,

    /// <summary>Given up after it was paid: everything is as it was, the money given back.</summary>
    Abandoned,
}

/// <summary>The steps, in their order (product rule 14).</summary>
public enum UpgradeStepName
{
    PaymentMethod,
    Payment,
    Plan,
    Node,
    Migration,
    Features,
    Notice,
}

public enum StepState
{
    Pending,
    Running,
    Done,
    Undone,
}

/// <param name="Attempts">How many times it was begun.</param>
/// <param name="FinishedAt">When it was done, or undone.</param>
public sealed record UpgradeStep(
    UpgradeStepName Name, StepState State, int Attempts, DateTimeOffset? StartedAt = null, DateTimeOffset? FinishedAt = null);

/// <summary>What stands at the payment provider.</summary>
/// <param name="Method">The provider's id of the payment method, as the owner gave it.</param>
/// <param name="Attempt">Counts the methods that were given; part of the keys of the calls.</param>
/// <param name="Chargeable">What is charged: the method as the provider keeps it for the customer; null until it is accepted.</param>
/// <param name="SetupId">Of a method that waits for authentication.</param>
/// <param name="BegunAt">When this attempt's charge was first asked for; null when it was not, or was refused.</param>
/// <param name="SubscriptionId">Of the subscription that was begun, paid or not.</param>
/// <param name="PaymentId">What was paid, to be given back by.</param>
/// <param name="Jpy">What was paid, whole yen, tax included.</param>
public sealed record UpgradePayment(
    string Method,
    int Attempt,
    string? CustomerId = null,
    string? Chargeable = null,
    string? SetupId = null,
    DateTimeOffset? BegunAt = null,
    string? SubscriptionId = null,
    bool IsPaid = false,
    string? PaymentId = null,
    string? InvoiceId = null,
    long? Jpy = null,
    DateTimeOffset? PeriodEnd = null,
    string? RefundId = null,
    long? RefundedJpy = null);

/// <param name="Name">On the cluster.</param>
/// <param name="FailedTries">Since support was asked last.</param>
/// <param name="NodeName">The Kubernetes node, once it is ready.</param>
/// <param name="LastFailure">What the cluster said about it, for operators only.</param>
public sealed record UpgradeNode(
    string Name, string Size, string Region, UpgradeNodeState State, int FailedTries, string? NodeName = null, string? LastFailure = null);

public enum UpgradeNodeState
{
    /// <summary>Not asked for, or gone again.</summary>
    None,

    /// <summary>Asked for.</summary>
    Asked,

    /// <summary>The try failed; what is left of it has to go.</summary>
    Failed,

    Ready,
}

/// <param name="Replicas">Copies before the upgrade.</param>
/// <param name="Ready">How many of them answered.</param>
/// <param name="FailedTries">Since support was asked last.</param>
/// <param name="RetryAt">When an app that went back is tried again; null for at once.</param>
/// <param name="Detail">Why it went back.</param>
public sealed record UpgradeWorkload(
    string Name, int Replicas, int Ready, WorkloadState State, int FailedTries = 0, DateTimeOffset? RetryAt = null, string? Detail = null);

public enum WorkloadState
{
    /// <summary>Where it was before the upgrade.</summary>
    Pending,

    /// <summary>A move was begun.</summary>
    Moving,

    /// <summary>On the dedicated node.</summary>
    Moved,

    /// <summary>There is no such app any more.</summary>
    Gone,
}

/// <param name="Detail">For people.</param>
/// <param name="Until">When the wait ends by itself; null for never.</param>
/// <param name="ClientSecret">With which the owner's page authenticates; for nobody else's eyes.</param>
public sealed record WaitingFor(WaitingKind Kind, string Detail, DateTimeOffset? Until = null, string? ClientSecret = null);

public enum WaitingKind
{
    /// <summary>Another payment method of the owner.</summary>
    PaymentMethod,

    /// <summary>The owner's authentication, such as 3-D Secure.</summary>
    Authentication,

    /// <summary>The payment provider, which is still at work.</summary>
    PaymentProvider,

    /// <summary>The next try of the node.</summary>
    NodeRetry,

    /// <summary>The next try of an app that went back.</summary>
    WorkloadRetry,

    /// <summary>An app that answers slowly.</summary>
    SlowWorkload,

    Support,

    /// <summary>The next try of a step of the way back.</summary>
    UndoRetry,
}

/// <param name="Code">For programs: the payment provider's code, or UPPER_SNAKE of ours.</param>
/// <param name="DeclineCode">The card issuer's reason, when it may be told.</param>
public sealed record UpgradeFailure(string Code, string Detail, string? DeclineCode = null)
{
    public static UpgradeFailure Of(PaymentRefusal refusal) => new(refusal.Code, refusal.Message, refusal.DeclineCode);
}

/// <summary>A question to support.</summary>
/// <param name="TicketId">Of its document in the operators' list.</param>
/// <param name="Question">What has failed, for operators only.</param>
public sealed record UpgradeTicket(string TicketId, TicketStage Stage, DateTimeOffset At, string Question);

public enum TicketStage
{
    /// <summary>To be put on the operators' list.</summary>
    ToOpen,

    Open,

    /// <summary>Answered, to be taken off the list.</summary>
    ToClose,
}

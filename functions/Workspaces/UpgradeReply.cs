using Hexabase.Domain.Workspaces.Upgrades;

namespace Hexabase.Functions.Workspaces;

/// <summary>An upgrade as its owner and operators see it. Times are UTC; what has not come yet is left out.</summary>
/// <param name="Percent">100 once it is completed; falls only while what was done is taken back.</param>
/// <param name="WaitingFor">What it waits for beside its own work.</param>
/// <param name="Apps">The apps that move, once they are known.</param>
/// <param name="Failure">Why it waits for somebody, or ended other than completed.</param>
public sealed record UpgradeReply(
    string UpgradeId,
    UpgradeStatus Status,
    int Percent,
    IReadOnlyList<UpgradeStep> Steps,
    WaitingFor? WaitingFor,
    UpgradePaymentReply Payment,
    UpgradeNodeReply Node,
    IReadOnlyList<UpgradeAppReply> Apps,
    UpgradeFailure? Failure,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    string CorrelationId)
{
    /// <summary>With the secret that the owner authenticates with.</summary>
    public static UpgradeReply ForOwner(Upgrade upgrade) => new(
        upgrade.UpgradeId,
        upgrade.Status,
        upgrade.Percent,
        upgrade.Steps,
        upgrade.WaitingFor,
        new UpgradePaymentReply(upgrade.Payment.Attempt, upgrade.Payment.InvoiceId, upgrade.Payment.Jpy, upgrade.Payment.RefundedJpy),
        new UpgradeNodeReply(upgrade.Node.Size, upgrade.Node.Region, upgrade.Node.State, upgrade.Node.NodeName, upgrade.Node.FailedTries),
        [.. (upgrade.Workloads ?? []).Select(workload => new UpgradeAppReply(workload.Name, workload.State, workload.Detail))],
        upgrade.Failure,
        upgrade.CreatedAt,
        upgrade.FinishedAt,
        upgrade.CorrelationId);

    public static UpgradeReply ForOperator(Upgrade upgrade) =>
        ForOwner(upgrade with { WaitingFor = upgrade.WaitingFor is { } waiting ? waiting with { ClientSecret = null } : null });
}

/// <param name="Attempt">Counts the payment methods that were given.</param>
/// <param name="Jpy">What was paid, whole yen, tax included.</param>
public sealed record UpgradePaymentReply(int Attempt, string? InvoiceId, long? Jpy, long? RefundedJpy);

/// <param name="FailedTries">Since support was asked last.</param>
public sealed record UpgradeNodeReply(string Size, string Region, UpgradeNodeState State, string? NodeName, int FailedTries);

/// <param name="Detail">Why it went back, when it did.</param>
public sealed record UpgradeAppReply(string Name, WorkloadState State, string? Detail);

using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Domain.Workspaces.Migration;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Downgrades;

/// <summary>
/// Does what is next for a downgrade, when that is one effect through a port, and records it. The document decides what that is, so that a
/// call that comes twice, or late, does no harm. Answers what is next after it.
/// </summary>
[DurableTask(Name)]
public sealed class AdvanceDowngrade(
    DowngradeJournal journal, IDocumentStore documents, IPayments payments, ICluster cluster, Plans plans, TimeProvider clock)
    : TaskActivity<string, DowngradeNext>
{
    public const string Name = "AdvanceDowngrade";

    public override Task<DowngradeNext> RunAsync(TaskActivityContext context, string input) => Step.Run(async () =>
    {
        var id = ChangeIds.Parse(input, WorkspaceChangeKind.Downgrade);
        var downgrade = await journal.Read(id, context.Stopping);
        var next = journal.Next(downgrade);
        return await Do(next.Action, id, downgrade, context.Stopping) is { } happened
            ? await journal.RecordThenNext(id, happened, context.Stopping)
            : next;
    });

    /// <summary>What has happened; null for what is the orchestration's to do.</summary>
    private async Task<DowngradeEvent?> Do(DowngradeAction action, WorkspaceChangeId id, Downgrade downgrade, CancellationToken ct)
    {
        switch (action)
        {
            case DowngradeAction.Wait when downgrade is { Status: DowngradeStatus.Waiting, Obstacle: null }:
                return await IsOver(downgrade, ct) ? await Begin(id, downgrade, ct) : null;
            case DowngradeAction.LetSubscriptionEnd:
                return await LetSubscriptionEnd(id, downgrade, ct);
            case DowngradeAction.KeepSubscription:
                return await KeepSubscription(id, downgrade, ct);
            case DowngradeAction.ListWorkloads:
                return await ListWorkloads(downgrade, ct);
            case DowngradeAction.RemoveBackups:
                await cluster.RemoveBackups(downgrade.Namespace, ct);
                return new DowngradeEvent.StepTaken(DowngradeStep.BackupsRemoved);
            case DowngradeAction.ApplyLimits:
                await cluster.ApplyWorkspace(HobbySetup(id, downgrade), ct);
                return new DowngradeEvent.StepTaken(DowngradeStep.LimitsApplied);
            case DowngradeAction.Complete:
                return new DowngradeEvent.Completed();
            default:
                return null;
        }
    }

    /// <summary>The date makes the key: once it has come the provider is asked anew, as the period may have been made longer.</summary>
    private async Task<DowngradeEvent> LetSubscriptionEnd(WorkspaceChangeId id, Downgrade downgrade, CancellationToken ct)
    {
        if (await IsOver(downgrade, ct))
            return await Begin(id, downgrade, ct);
        var key = $"{id}:end:{downgrade.EndsAt?.ToUnixTimeSeconds() ?? 0}";
        var endsAt = await payments.EndWithPeriod(downgrade.SubscriptionId, ends: true, key, ct);
        return endsAt > clock.GetUtcNow() ? new DowngradeEvent.EndScheduled(endsAt) : await Begin(id, downgrade, ct);
    }

    private async Task<DowngradeEvent> KeepSubscription(WorkspaceChangeId id, Downgrade downgrade, CancellationToken ct)
    {
        if (await IsOver(downgrade, ct))
            return new DowngradeEvent.WithdrawnTooLate();
        await payments.EndWithPeriod(downgrade.SubscriptionId, ends: false, $"{id}:keep", ct);
        return new DowngradeEvent.SubscriptionKept();
    }

    private async Task<DowngradeEvent> Begin(WorkspaceChangeId id, Downgrade downgrade, CancellationToken ct)
    {
        var workspace = (await Workspace.Read(documents, id.Account, ct))?.Value
            ?? throw new InvalidOperationException($"Account {id.Account} has no workspace.");
        if (workspace.RunningChange is not null)
            return new DowngradeEvent.Held("Another change of the workspace is under way.", workspace.RunningChange, journal.NextTry());
        var usage = await cluster.ReadUsage(downgrade.Namespace, ct);
        return new DowngradeEvent.Begun(usage.Over(plans.Workspaces.Hobby), [.. (workspace.Nodes ?? []).Select(node => node.Name)]);
    }

    /// <summary>The apps that are not wholly on the shared pool; without any the step is taken.</summary>
    private async Task<DowngradeEvent> ListWorkloads(Downgrade downgrade, CancellationToken ct)
    {
        var elsewhere = (await cluster.ListWorkloads(downgrade.Namespace, ct))
            .Where(app => app.Placement != Placement.SharedPool || app.ElsewherePods > 0)
            .Select(app => WorkloadMove.Of(app, Placement.SharedPool))
            .ToArray();
        return elsewhere.Length == 0
            ? new DowngradeEvent.StepTaken(DowngradeStep.WorkloadsMoved)
            : new DowngradeEvent.WorkloadsListed(elsewhere);
    }

    private WorkspaceSetup HobbySetup(WorkspaceChangeId id, Downgrade downgrade)
    {
        var hobby = plans.Workspaces.Hobby;
        return new WorkspaceSetup(
            downgrade.Namespace,
            downgrade.WorkspaceId,
            id.Account,
            hobby.Features.StorageGb,
            hobby.Features.StorageClass,
            hobby.CpuMillis,
            hobby.MemoryMb,
            hobby.Pods);
    }

    private async Task<bool> IsOver(Downgrade downgrade, CancellationToken ct) =>
        await payments.ReadSubscription(downgrade.SubscriptionId, ct) is null or SubscriptionPayment.Ended;
}

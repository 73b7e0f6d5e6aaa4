using System.Globalization;
using System.Text.Json;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Support;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>Puts a question on the operators' list, with the facts.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.OpenTicket))]
public sealed class OpenTicket(UpgradeJournal journal, SupportTickets tickets) : UpgradeActivity(journal, UpgradeAction.OpenTicket)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        var ticket = upgrade.Ticket!;
        await tickets.Open(
            new SupportTicket(
                ticket.TicketId,
                upgrade.UpgradeId,
                id.Account,
                upgrade.WorkspaceId,
                ticket.Question,
                Facts(upgrade),
                ticket.At,
                upgrade.CorrelationId),
            ct);
        await Journal.Record(id, new UpgradeEvent.TicketOpened(ticket.TicketId), ct);
    }

    private static Dictionary<string, string> Facts(Upgrade upgrade)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["status"] = Word(upgrade.Status),
            ["step"] = Word(upgrade.StepInHand()),
            ["code"] = upgrade.Failure?.Code ?? "",
            ["node"] = $"{upgrade.Node.Size} in {upgrade.Node.Region}, {Word(upgrade.Node.State)}",
            ["node_tries"] = upgrade.Node.FailedTries.ToString(CultureInfo.InvariantCulture),
            ["paid_jpy"] = (upgrade.Payment.Jpy ?? 0).ToString(CultureInfo.InvariantCulture),
        };
        if (upgrade.Node.LastFailure is { } reason)
            facts["node_failure"] = reason;
        if (upgrade.Payment.SubscriptionId is { } subscription)
            facts["subscription"] = subscription;
        foreach (var workload in upgrade.Workloads?.Where(workload => workload.FailedTries > 0) ?? [])
            facts[$"workload {workload.Name}"] = $"{Word(workload.State)}: {workload.Detail}";
        return facts;
    }

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

/// <summary>Takes an answered question off the list.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.CloseTicket))]
public sealed class CloseTicket(UpgradeJournal journal, SupportTickets tickets) : UpgradeActivity(journal, UpgradeAction.CloseTicket)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        await tickets.Close(upgrade.Ticket!.TicketId, ct);
        await Journal.Record(id, new UpgradeEvent.TicketClosed(upgrade.Ticket.TicketId), ct);
    }
}

/// <param name="Failure">What has failed, for operators only.</param>
public sealed record ReportTroubleInput(string UpgradeId, string Failure);

/// <summary>Records that a step has failed for a technical reason which its retries have not healed.</summary>
[DurableTask(Name)]
public sealed class ReportTrouble(UpgradeJournal journal) : TaskActivity<ReportTroubleInput, UpgradeNext>
{
    public const string Name = "UpgradeReportTrouble";

    public override Task<UpgradeNext> RunAsync(TaskActivityContext context, ReportTroubleInput input) => journal.RecordThenNext(
        UpgradeActivity.UpgradeIdOf(input.UpgradeId), new UpgradeEvent.Troubled(input.Failure), context.Stopping);
}

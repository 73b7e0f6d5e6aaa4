using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Domain.Workspaces.Support;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Orchestrations;
using Hexabase.Orchestrations.Nodes;
using Hexabase.Orchestrations.Upgrades;

namespace Hexabase.Functions.Workspaces;

/// <summary>Plan page, upgrades, downgrades and node orders of workspaces, their support, and the sagas that carry them out.</summary>
public static class WorkspacesServices
{
    public static IServiceCollection AddWorkspaces(this IServiceCollection services, WorkspacesSettings settings)
    {
        return services
            .AddSingleton(settings.Upgrade)
            .AddSingleton(settings.Revive)
            .AddSingleton<Journal>()
            .AddSingleton<NewChanges>()
            .AddSingleton<ReviveChangesHandler>()
            .AddSingleton<UpgradeJournal>()
            .AddSingleton<UpgradePayments>()
            .AddSingleton<WantedNodes>().AddSingleton<WorkspaceRoom>()
            .AddSingleton<SupportTickets>()
            .AddSingleton<StartUpgradeHandler>()
            .AddSingleton<GetUpgradeHandler>()
            .AddSingleton<AnswerPaymentHandler>()
            .AddSingleton<ResolveUpgradeHandler>()
            .AddSingleton<ListTicketsHandler>()
            .AddSingleton<ListChangeLogHandler>()
            .AddSingleton<ListNoticesHandler>()
            .AddSingleton<GetWorkspacePlanHandler>()
            .AddSingleton<GetChangeHandler>()
            .AddSingleton(settings.Downgrade)
            .AddSingleton<DowngradeJournal>()
            .AddSingleton<StartDowngradeHandler>()
            .AddSingleton<WithdrawDowngradeHandler>()
            .AddSingleton<NodeOrderJournal>()
            .AddSingleton<StartNodeOrderHandler>()
            .AddSingleton<GetNodeEstimateHandler>()
            .AddSingleton<ListNodesHandler>()
            .AddSingleton<IWorkspaceSagas, WorkspaceSagas>();
    }
}

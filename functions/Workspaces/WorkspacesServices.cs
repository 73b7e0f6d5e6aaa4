using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Domain.Workspaces.Migration;
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
    /// <summary>Reads section <c>Upgrade</c> (<see cref="UpgradeOptions"/>) and <c>Upgrade:ReviveEvery</c>, section <c>Downgrade</c>
    /// (<see cref="DowngradeOptions"/>).</summary>
    /// <exception cref="InvalidOperationException">A value cannot be used.</exception>
    public static IServiceCollection AddWorkspaces(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Upgrade");
        var options = Bind(section);
        if (options.FirstProblem() is { } problem)
            throw new InvalidOperationException($"Section Upgrade: {problem}");
        var revive = new ReviveOptions(section.GetValue("ReviveEvery", ReviveOptions.Default.LookEvery));
        if (revive.LookEvery <= TimeSpan.Zero)
            throw new InvalidOperationException("Upgrade__ReviveEvery must be above zero.");
        var downgrade = DowngradeOptionsOf(configuration.GetSection("Downgrade"));
        return services
            .AddSingleton(options)
            .AddSingleton(revive)
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
            .AddSingleton(downgrade)
            .AddSingleton<DowngradeJournal>()
            .AddSingleton<StartDowngradeHandler>()
            .AddSingleton<WithdrawDowngradeHandler>()
            .AddSingleton<NodeOrderJournal>()
            .AddSingleton<StartNodeOrderHandler>()
            .AddSingleton<GetNodeEstimateHandler>()
            .AddSingleton<ListNodesHandler>()
            .AddSingleton<IWorkspaceSagas, WorkspaceSagas>();
    }

    private static DowngradeOptions DowngradeOptionsOf(IConfiguration section)
    {
        var defaults = DowngradeOptions.Default;
        var options = new DowngradeOptions(
            section.GetValue("LookEvery", defaults.LookEvery), section.GetValue("RetryAfter", defaults.RetryAfter));
        return options.LookEvery > TimeSpan.Zero && options.RetryAfter > TimeSpan.Zero
            ? options
            : throw new InvalidOperationException("Section Downgrade: LookEvery and RetryAfter must be above zero.");
    }

    private static UpgradeOptions Bind(IConfiguration section)
    {
        var defaults = UpgradeOptions.Default;
        return new UpgradeOptions(
            section.GetValue("PaymentAnswer", defaults.PaymentAnswer),
            section.GetValue("PaymentPoll", defaults.PaymentPoll),
            section.GetValue("SupportPoll", defaults.SupportPoll),
            section.GetValue("UndoRetryAfter", defaults.UndoRetryAfter),
            Bind(section.GetSection("Node"), defaults.Node),
            Bind(section.GetSection("Migration"), defaults.Migration),
            Bind(section.GetSection("Retry"), defaults.Retry));
    }

    private static NodeOptions Bind(IConfiguration section, NodeOptions defaults) => new(
        section.GetValue("Attempts", defaults.Attempts),
        section.GetValue("FirstDelay", defaults.FirstDelay),
        section.GetValue("Backoff", defaults.Backoff),
        section.GetValue("LongestDelay", defaults.LongestDelay),
        section.GetValue("ReadyWithin", defaults.ReadyWithin),
        section.GetValue("Poll", defaults.Poll));

    private static MigrationOptions Bind(IConfiguration section, MigrationOptions defaults) => new(
        section.GetValue("Poll", defaults.Poll),
        section.GetValue("HealthyWithin", defaults.HealthyWithin),
        section.GetValue("SlowFactor", defaults.SlowFactor),
        section.GetValue("SlowAtLeast", defaults.SlowAtLeast),
        section.GetValue("LongestPause", defaults.LongestPause),
        section.GetValue("Attempts", defaults.Attempts),
        section.GetValue("RetryAfter", defaults.RetryAfter));

    private static StepRetry Bind(IConfiguration section, StepRetry defaults) => new(
        section.GetValue("First", defaults.First),
        section.GetValue("Longest", defaults.Longest),
        section.GetValue("For", defaults.For));
}

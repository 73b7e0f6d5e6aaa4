using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>
/// One step of an upgrade: an effect through a port, then its record in the upgrade's document. The document decides whether the step is
/// still to be done, so that one that comes twice, or late, only answers what is next.
/// </summary>
/// <param name="does">What must be next for it to do anything.</param>
public abstract class UpgradeActivity(UpgradeJournal journal, UpgradeAction does) : TaskActivity<string, UpgradeNext>
{
    /// <summary>The function that does an action.</summary>
    public static string NameOf(UpgradeAction action) => Prefix + action;

    protected const string Prefix = "Upgrade";

    protected UpgradeJournal Journal => journal;

    public sealed override Task<UpgradeNext> RunAsync(TaskActivityContext context, string input) => Step.Run(async () =>
    {
        var id = UpgradeIdOf(input);
        var upgrade = await journal.Read(id, context.Stopping);
        if (journal.Next(upgrade) is var next && next.Action != does)
            return next;
        await Run(id, upgrade, context.Stopping);
        return await journal.Next(id, context.Stopping);
    });

    /// <exception cref="NonRetriableTaskException">The input is no id of an upgrade.</exception>
    internal static WorkspaceChangeId UpgradeIdOf(string text) => ChangeIds.Parse(text, WorkspaceChangeKind.Upgrade);

    /// <summary>Does the effect and records it. Repeating it, after a crash in between, is harmless.</summary>
    protected abstract Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct);
}

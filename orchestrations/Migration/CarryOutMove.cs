using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Migration;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Migration;

public sealed record MoveDeedInput(string ChangeId, string Namespace, WorkloadMove Move, MoveDeed Deed);

/// <summary>
/// Does what <see cref="MoveRule"/> decided. False when the change does not move this app this way any more: an orchestration that the
/// platform has given up may leave a move behind, which must not work against what is done since.
/// </summary>
[DurableTask(Name)]
public sealed class CarryOutMove(ICluster cluster, IDocumentStore documents, UpgradeJournal upgrades) : TaskActivity<MoveDeedInput, bool>
{
    public const string Name = "CarryOutMove";

    private const int Single = 1;
    private const int Doubled = 2;

    public override Task<bool> RunAsync(TaskActivityContext context, MoveDeedInput input) => Step.Run(async () =>
    {
        var ct = context.Stopping;
        if (!WorkspaceChangeId.TryParse(input.ChangeId, out var id) || !await IsWanted(id, input.Move, ct))
            return false;
        await Do(input, ct);
        if (id.Kind == WorkspaceChangeKind.Upgrade && EventOf(input) is { } happened)
            await upgrades.Record(id, happened, ct);
        return true;
    });

    private async Task Do(MoveDeedInput input, CancellationToken ct)
    {
        var (ns, app) = (input.Namespace, input.Move.Workload);
        switch (input.Deed)
        {
            case MoveDeed.AddSecondCopy:
                await cluster.ScaleWorkload(ns, app, Doubled, ct);
                break;
            case MoveDeed.Move:
                await cluster.MoveWorkload(ns, app, input.Move.To, ct);
                break;
            case MoveDeed.Pause:
                await cluster.PauseRollout(ns, app, paused: true, ct);
                break;
            case MoveDeed.Resume:
                await cluster.PauseRollout(ns, app, paused: false, ct);
                break;
            case MoveDeed.MoveBack:
                await cluster.MoveWorkload(ns, app, input.Move.From(), ct);
                await cluster.PauseRollout(ns, app, paused: false, ct);
                break;
            case MoveDeed.RemoveSecondCopy:
                await cluster.ScaleWorkload(ns, app, Single, ct);
                break;
        }
    }

    private async Task<bool> IsWanted(WorkspaceChangeId id, WorkloadMove move, CancellationToken ct) =>
        id.Kind == WorkspaceChangeKind.Upgrade
            ? (await upgrades.Read(id, ct)).IsMoving(move)
            : await documents.Read<Workspace>(Containers.Accounts, id.Account, Workspace.DocumentId, ct) is { Value.RunningChange: { } running }
                && running == id.ToString();

    /// <summary>What an upgrade's owner is shown of it.</summary>
    private static UpgradeEvent? EventOf(MoveDeedInput input) => input.Deed switch
    {
        MoveDeed.Pause => new UpgradeEvent.MovePaused(input.Move.Workload),
        MoveDeed.Resume or MoveDeed.MoveBack => new UpgradeEvent.MoveResumed(input.Move.Workload),
        _ => null,
    };
}

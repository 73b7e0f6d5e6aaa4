using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Worker;

namespace Hexabase.Functions.Workspaces;

public sealed class ReviveChangesTrigger(ReviveChangesHandler handler)
{
    /// <summary>Twice a minute: starts orchestrations again that are gone although their change is not finished.</summary>
    [Function("ReviveUpgrades")]
    public Task Run([TimerTrigger("10,40 * * * * *")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}

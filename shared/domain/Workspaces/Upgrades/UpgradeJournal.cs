using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces.Changes;

namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>Upgrades as their saga and their use cases read and move them.</summary>
public sealed class UpgradeJournal(Journal journal, Plans plans, UpgradeOptions options, TimeProvider clock)
{
    /// <exception cref="InvalidOperationException">There is no such upgrade.</exception>
    public async Task<Upgrade> Read(WorkspaceChangeId id, CancellationToken ct) =>
        (await journal.Read<Upgrade>(id, ct))?.Value ?? throw new InvalidOperationException($"There is no upgrade {id}.");

    public async Task<UpgradeNext> Next(WorkspaceChangeId id, CancellationToken ct) => Next(await Read(id, ct));

    public UpgradeNext Next(Upgrade upgrade) => UpgradePlan.Next(upgrade, plans, options, clock.GetUtcNow());

    /// <summary>Puts an event to an upgrade, with all that it changes beside it. One that cannot happen changes nothing.</summary>
    /// <param name="by">Account or operator that causes it; null for the saga.</param>
    /// <param name="add">Further documents of the same commit; null for none.</param>
    public Task<Recorded<Upgrade>> Record(
        WorkspaceChangeId id,
        UpgradeEvent happened,
        CancellationToken ct,
        string? by = null,
        Action<DocumentBatch>? add = null) => journal.Record<Upgrade>(
        id,
        (upgrade, now) => UpgradeTransitions.Apply(upgrade, happened, options, now),
        upgrade =>
        {
            var effects = UpgradeEffects.Of(upgrade, happened, plans, clock.GetUtcNow());
            return effects with { AddTo = effects.AddTo + add };
        },
        by,
        ct);

    /// <summary>The same, and then what is next.</summary>
    public async Task<UpgradeNext> RecordThenNext(WorkspaceChangeId id, UpgradeEvent happened, CancellationToken ct) =>
        Next((await Record(id, happened, ct)).Value);
}

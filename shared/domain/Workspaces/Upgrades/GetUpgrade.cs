using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>There is no such upgrade, or it is another's.</summary>
public sealed record UpgradeNotFound() : Refusal(RefusalKind.NotFound, "UPGRADE_NOT_FOUND", "There is no upgrade with this id.");

/// <summary>Asks how an upgrade of the caller's stands.</summary>
/// <param name="Wait">
/// How long to wait until it has finished or waits for its owner or support, or, with <paramref name="KnownETag"/>, for any change.
/// </param>
/// <param name="KnownETag">The version the caller has already.</param>
public sealed record GetUpgrade(string UpgradeId, string AccountId, TimeSpan Wait, string? KnownETag);

/// <summary>Reads upgrades, for their owners.</summary>
public sealed class GetUpgradeHandler(IDocumentStore documents, LongPoll polls)
{
    /// <summary>The upgrade with its version; after <see cref="GetUpgrade.Wait"/> whatever it is then.</summary>
    public async Task<Result<Document<Upgrade>>> Handle(GetUpgrade ask, CancellationToken ct)
    {
        if (!UpgradeIds.TryParse(ask.UpgradeId, ask.AccountId, out var id))
            return new UpgradeNotFound();
        var found = await polls.Read(
            () => Upgrade.Read(documents, id, ct),
            found => ask.KnownETag is null
                ? found.Value.Status is not (UpgradeStatus.Running or UpgradeStatus.Compensating)
                : ask.KnownETag != found.ETag || found.Value.IsFinished(),
            ask.Wait,
            ct);
        return found is null ? new UpgradeNotFound() : found;
    }
}

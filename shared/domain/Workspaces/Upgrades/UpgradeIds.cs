namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>Ids of upgrades as requests give them.</summary>
internal static class UpgradeIds
{
    public static bool TryParse(string? text, out WorkspaceChangeId id) =>
        WorkspaceChangeId.TryParse(text, out id) && id.Kind == WorkspaceChangeKind.Upgrade;

    /// <summary>False also for another's: what somebody does is theirs alone.</summary>
    public static bool TryParse(string? text, string accountId, out WorkspaceChangeId id) =>
        TryParse(text, out id) && id.Account == accountId;
}

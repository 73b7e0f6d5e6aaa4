using Hexabase.Adapters.Settings;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Domain.Workspaces.Upgrades;

namespace Hexabase.Functions.Workspaces;

/// <summary>Sections <c>Upgrade</c> and <c>Downgrade</c>.</summary>
public sealed record WorkspacesSettings(UpgradeOptions Upgrade, ReviveOptions Revive, DowngradeOptions Downgrade)
{
    public static WorkspacesSettings Read(SettingsReader settings)
    {
        var section = settings.Section("Upgrade");
        var upgrade = section.Bind(UpgradeOptions.Default);
        if (upgrade.Retry.Longest < upgrade.Retry.First)
            section.Report("Retry__Longest", "is malformed: expected no less than Upgrade__Retry__First.");
        return new WorkspacesSettings(
            upgrade,
            new ReviveOptions(section.Optional("ReviveEvery", SettingKinds.Duration, ReviveOptions.Default.LookEvery)),
            settings.Section("Downgrade").Bind(DowngradeOptions.Default));
    }
}

using System.Globalization;

namespace Hexabase.Domain.Workspaces.Downgrades;

/// <summary>What the owner of a downgrade is told.</summary>
internal static class DowngradeNotices
{
    public static Notice Scheduled(Downgrade downgrade, DateTimeOffset now) => Notice.New(
        "downgrade_scheduled",
        "Your workspace goes back to plan Hobby",
        string.Create(CultureInfo.InvariantCulture, $"Plan Pro stays until {downgrade.EndsAt?.UtcDateTime:yyyy-MM-dd HH:mm} UTC. ")
            + "Until then you can take it back." + OverLimits(downgrade, "Over Hobby's limits are now"),
        downgrade.DowngradeId,
        now);

    public static Notice Withdrawn(Downgrade downgrade, DateTimeOffset now) => Notice.New(
        "downgrade_withdrawn", "Your workspace stays on plan Pro", "The subscription goes on as before.", downgrade.DowngradeId, now);

    public static Notice Held(Downgrade downgrade, DateTimeOffset now) => Notice.New(
        "downgrade_held",
        "Going back to plan Hobby takes longer",
        $"{downgrade.Obstacle} It is tried again by itself.",
        downgrade.DowngradeId,
        now);

    public static Notice Completed(Downgrade downgrade, DateTimeOffset now) => Notice.New(
        "downgrade_completed",
        "Your workspace is on plan Hobby",
        "Your apps run on the shared pool. Nothing was deleted." + OverLimits(downgrade, "More is refused of what is over Hobby's limits"),
        downgrade.DowngradeId,
        now);

    private static string OverLimits(Downgrade downgrade, string introduction) =>
        LimitedUse.Tell(downgrade.OverLimits) is { } over ? $" {introduction}: {over}." : "";
}

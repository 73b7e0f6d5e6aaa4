using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Downgrades;

namespace Hexabase.Functions.Workspaces;

/// <summary>A downgrade as its owner sees it. Times are UTC; those that have not come yet are left out.</summary>
/// <param name="EndsAt">The end of the paid period; plan pro stays until then.</param>
/// <param name="OverLimits">
/// What is more than hobby allows: when it was asked for, then when it began. None of it is deleted; more is refused.
/// </param>
/// <param name="Obstacle">What keeps it from going on now; it is tried again by itself.</param>
public sealed record DowngradeReply(
    string DowngradeId,
    DowngradeStatus Status,
    DateTimeOffset? EndsAt,
    IReadOnlyList<LimitedUse> OverLimits,
    IReadOnlyList<DowngradeStepReply> Steps,
    string? Obstacle,
    DateTimeOffset CreatedAt,
    DateTimeOffset? BegunAt,
    DateTimeOffset? FinishedAt,
    string CorrelationId)
{
    public static DowngradeReply From(Downgrade downgrade) => new(
        downgrade.DowngradeId,
        downgrade.Status,
        downgrade.EndsAt,
        downgrade.OverLimits,
        [.. Enum.GetValues<DowngradeStep>().Select(step => new DowngradeStepReply(step, downgrade.HasDone(step)))],
        downgrade.Obstacle,
        downgrade.CreatedAt,
        downgrade.BegunAt,
        downgrade.FinishedAt,
        downgrade.CorrelationId);

    /// <summary>202, with where to look.</summary>
    public static IResult Accepted(Downgrade downgrade) =>
        Results.Accepted($"/api/workspace/downgrade/{downgrade.DowngradeId}", From(downgrade));
}

/// <summary>A step of a downgrade, in their order.</summary>
public sealed record DowngradeStepReply(DowngradeStep Step, bool Done);

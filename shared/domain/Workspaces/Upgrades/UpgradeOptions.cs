using Hexabase.Domain.Workspaces.Migration;

namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>How long an upgrade waits, and for what. All durations are above zero.</summary>
/// <param name="PaymentAnswer">How long a refused or unauthenticated payment may stay unanswered before the upgrade is cancelled.</param>
/// <param name="PaymentPoll">How often the payment provider is asked meanwhile, as an answer may get lost.</param>
/// <param name="SupportPoll">How often it is looked whether support has answered, as that may get lost too.</param>
/// <param name="UndoRetryAfter">Between two tries of a step of the way back, and of a step of a node order that could not be done.</param>
public sealed record UpgradeOptions(
    TimeSpan PaymentAnswer,
    TimeSpan PaymentPoll,
    TimeSpan SupportPoll,
    TimeSpan UndoRetryAfter,
    NodeOptions Node,
    MigrationOptions Migration,
    StepRetry Retry)
{
    public static UpgradeOptions Default { get; } = new(
        PaymentAnswer: TimeSpan.FromDays(7),
        PaymentPoll: TimeSpan.FromMinutes(5),
        SupportPoll: TimeSpan.FromMinutes(15),
        UndoRetryAfter: TimeSpan.FromMinutes(10),
        NodeOptions.Default,
        MigrationOptions.Default,
        StepRetry.Default);
}

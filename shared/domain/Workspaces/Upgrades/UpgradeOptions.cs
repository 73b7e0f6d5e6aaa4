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

    /// <summary>What is wrong with the values; null when nothing is.</summary>
    public string? FirstProblem()
    {
        TimeSpan[] durations =
        [
            PaymentAnswer, PaymentPoll, SupportPoll, UndoRetryAfter,
            Node.FirstDelay, Node.LongestDelay, Node.ReadyWithin, Node.Poll,
            Migration.Poll, Migration.HealthyWithin, Migration.SlowAtLeast, Migration.LongestPause, Migration.RetryAfter,
            Retry.First, Retry.Longest, Retry.For,
        ];
        if (durations.Any(duration => duration <= TimeSpan.Zero))
            return "Every duration must be above zero.";
        if (Node.Attempts < 1 || Migration.Attempts < 1)
            return "Attempts must be at least 1.";
        if (!(Node.Backoff >= 1) || !(Migration.SlowFactor >= 1))
            return "Backoff and SlowFactor must be at least 1.";
        return Retry.Longest < Retry.First ? "Retry:Longest must not be below Retry:First." : null;
    }
}

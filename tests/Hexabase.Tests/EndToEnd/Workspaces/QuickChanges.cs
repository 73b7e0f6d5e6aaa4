namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>
/// Settings under which changes of workspaces take seconds. The owner's and support's answers are looked for as seldom as ever, so that a
/// test only goes on quickly when the saga was woken.
/// </summary>
internal static class QuickChanges
{
    /// <summary>Tries of a node before support is asked.</summary>
    public const int NodeAttempts = 2;

    public static IReadOnlyList<(string Name, string Value)> Settings { get; } =
    [
        ("Upgrade__UndoRetryAfter", "00:00:01"),
        ("Upgrade__Node__Attempts", $"{NodeAttempts}"),
        ("Upgrade__Node__FirstDelay", "00:00:00.2"),
        ("Upgrade__Node__Poll", "00:00:00.2"),
        ("Upgrade__Migration__Poll", "00:00:00.2"),
        ("Upgrade__Migration__HealthyWithin", "00:00:10"),
        ("Upgrade__Migration__RetryAfter", "00:00:00.2"),
        ("Upgrade__Retry__First", "00:00:00.2"),
        ("Downgrade__LookEvery", "00:00:00.5"),
        ("Downgrade__RetryAfter", "00:00:00.5"),
    ];
}

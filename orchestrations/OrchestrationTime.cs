using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations;

/// <summary>Time in orchestrations.</summary>
internal static class OrchestrationTime
{
    /// <summary>The clock of an orchestration, as the domain's rules take it.</summary>
    public static DateTimeOffset Now(this TaskOrchestrationContext context) => new(context.CurrentUtcDateTime, TimeSpan.Zero);

    /// <summary>Until an event comes, or a time. What has happened, the change's document says.</summary>
    public static async Task ForEventUntil(this TaskOrchestrationContext context, string eventName, DateTimeOffset until)
    {
        var patience = until - context.Now();
        if (patience <= TimeSpan.Zero)
            return;
        try
        {
            await context.WaitForExternalEvent<object?>(eventName, patience);
        }
        catch (TaskCanceledException)
        {
            // The time has come before the event: that is one of the two ends of this wait.
        }
    }
}

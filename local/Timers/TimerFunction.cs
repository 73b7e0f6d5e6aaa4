using Hexabase.Local.Functions;

namespace Hexabase.Local.Timers;

/// <summary>A timer-triggered function, as its <c>function.json</c> says.</summary>
/// <param name="Name">Of the function.</param>
/// <param name="Binding">Name of the trigger binding.</param>
/// <param name="Schedule">In UTC.</param>
/// <param name="RunOnStartup">Also runs whenever the platform starts.</param>
/// <param name="IsMonitored">Its status is kept, so that a missed occurrence is made up for after a start.</param>
public sealed record TimerFunction(string Name, string Binding, TimerSchedule Schedule, bool RunOnStartup, bool IsMonitored)
{
    public const string TriggerType = "timerTrigger";

    /// <exception cref="CannotStartException">The schedule is missing or not valid.</exception>
    public static TimerFunction From(FunctionDefinition function, DateTimeOffset now)
    {
        try
        {
            var schedule = TimerSchedule.Parse(function.Text("schedule") ?? "");
            return new TimerFunction(
                function.Name,
                function.Text("name") ?? throw new CannotStartException($"The trigger of {function.Name} has no name."),
                schedule,
                function.IsOn("runOnStartup"),
                function.IsOn("useMonitor", whenAbsent: true) && !schedule.IsTooFrequentToMonitor(now));
        }
        catch (FormatException e)
        {
            throw new CannotStartException($"The timer {function.Name} has no valid schedule: {e.Message}", e);
        }
    }
}

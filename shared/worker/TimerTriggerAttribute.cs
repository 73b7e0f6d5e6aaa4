namespace Hexabase.Worker;

/// <summary>The function runs on a schedule, on a <see cref="TimerInfo"/> parameter.</summary>
/// <param name="schedule">Six fields <c>{second} {minute} {hour} {day} {month} {day-of-week}</c> in UTC; or <c>%SETTING%</c>.</param>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Also runs once whenever the host starts. Default: false.</summary>
    public bool RunOnStartup { get; set; }

    /// <summary>The host remembers runs, and makes up for missed ones with one late run. Default: true.</summary>
    public bool UseMonitor { get; set; } = true;
}

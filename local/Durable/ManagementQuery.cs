using System.Globalization;
using Hexabase.Durable;

namespace Hexabase.Local.Durable;

/// <summary>The query of a call to the management API. The first value that cannot be read is the request's fault.</summary>
internal sealed class ManagementQuery(IQueryCollection query)
{
    /// <summary>Null while nothing was wrong.</summary>
    public (string Field, string Detail)? Fault { get; private set; }

    public string? Text(string name) => query[name] is [{ Length: > 0 } value, ..] ? value : null;

    public bool Flag(string name, bool whenAbsent) => Text(name) switch
    {
        null => whenAbsent,
        var text when bool.TryParse(text, out var flag) => flag,
        _ => Wrong(name, "true or false", whenAbsent),
    };

    public int Number(string name, int whenAbsent, int least, int most) => Text(name) switch
    {
        null => whenAbsent,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most => number,
        _ => Wrong(name, $"a whole number from {least} to {most}", whenAbsent),
    };

    /// <summary>Null when absent.</summary>
    public TimeSpan? Seconds(string name, TimeSpan least, TimeSpan most) => Text(name) switch
    {
        null => null,
        var text when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds >= least.TotalSeconds && seconds <= most.TotalSeconds => TimeSpan.FromSeconds(seconds),
        _ => Wrong<TimeSpan?>(name, FormattableString.Invariant($"seconds, from {least.TotalSeconds} to {most.TotalSeconds}"), null),
    };

    /// <summary>Null when absent.</summary>
    public DateTimeOffset? Time(string name) => Text(name) switch
    {
        null => null,
        var text when DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) => time,
        _ => Wrong<DateTimeOffset?>(name, "a time in ISO 8601", null),
    };

    /// <summary>
    /// The instances that <c>createdTimeFrom</c>, <c>createdTimeTo</c>, <c>runtimeStatus</c> and <c>instanceIdPrefix</c> mean.
    /// </summary>
    public InstanceFilter Filter() => new(
        Text("instanceIdPrefix") ?? "",
        Time("createdTimeFrom") ?? DateTimeOffset.UnixEpoch,
        Time("createdTimeTo") ?? DateTimeOffset.MaxValue,
        Statuses("runtimeStatus"));

    private List<OrchestrationStatus>? Statuses(string name)
    {
        if (Text(name) is not { } list)
            return null;
        var statuses = new List<OrchestrationStatus>();
        foreach (var text in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (char.IsAsciiLetter(text[0]) && Enum.TryParse<OrchestrationStatus>(text, ignoreCase: true, out var status))
                statuses.Add(status);
            else
                Wrong(name, $"statuses such as {OrchestrationStatus.Running}, separated by commas", 0);
        }
        return statuses;
    }

    private T Wrong<T>(string name, string expected, T instead)
    {
        Fault ??= (name, $"{name} is {expected}.");
        return instead;
    }
}

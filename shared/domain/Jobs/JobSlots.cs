using System.Globalization;
using Hexabase.Domain.Billing;

namespace Hexabase.Domain.Jobs;

/// <summary>
/// How many runs of each lane are served at the same time. Each slot is a session of the queue, so these numbers ARE the
/// lanes' shares; <c>maxConcurrentSessions</c> in host.json must be at least their sum.
/// </summary>
public sealed record JobSlots(int Free, int Paid, int Priority)
{
    /// <summary>One of ten slots is free's.</summary>
    public static JobSlots Default { get; } = new(Free: 4, Paid: 24, Priority: 12);

    public int Total => Free + Paid + Priority;

    public int Of(Lane lane) => lane switch
    {
        Lane.Free => Free,
        Lane.Paid => Paid,
        _ => Priority,
    };

    /// <summary>The session that serves an account's runs of a lane: always the same, so that one account cannot fill a lane.</summary>
    public string SessionFor(Lane lane, string accountId) => string.Create(
        CultureInfo.InvariantCulture, $"{Name(lane)}/{StableHash(accountId) % (uint)Of(lane)}");

    /// <summary>FNV-1a, the same in every process.</summary>
    private static uint StableHash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 16777619u);
        return hash;
    }

    private static string Name(Lane lane) => lane switch
    {
        Lane.Free => "free",
        Lane.Paid => "paid",
        _ => "priority",
    };
}

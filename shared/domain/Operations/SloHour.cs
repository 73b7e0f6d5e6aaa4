using System.Collections.Frozen;
using System.Globalization;

namespace Hexabase.Domain.Operations;

/// <summary>
/// The events of all instances within one hour. Document <c>2026-01-31T23</c>, the hour in UTC, in the listing <see cref="List"/>; kept for
/// 35 days.
/// </summary>
/// <param name="Hour">When it began, UTC.</param>
/// <param name="Tallies">By objective.</param>
/// <param name="Parts">
/// Number of the last part that each instance has added: a part whose answer was lost, and that is added once more, counts once.
/// </param>
public sealed record SloHour(DateTimeOffset Hour, IReadOnlyDictionary<string, Tally> Tallies, IReadOnlyDictionary<string, int> Parts)
{
    public const string List = "slo";

    /// <summary>As long as the longest window, and some days to look back.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(35);

    /// <summary>When the hour of a moment began.</summary>
    public static DateTimeOffset Of(DateTimeOffset moment) => moment - TimeSpan.FromTicks(moment.Ticks % TimeSpan.TicksPerHour);

    public static string DocumentId(DateTimeOffset hour) => hour.UtcDateTime.ToString("yyyy-MM-ddTHH", CultureInfo.InvariantCulture);

    public static SloHour Empty(DateTimeOffset hour) =>
        new(hour, FrozenDictionary<string, Tally>.Empty, FrozenDictionary<string, int>.Empty);

    /// <summary>True when the hour holds this part of an instance; its parts come in order.</summary>
    public bool Has(string instance, int part) => Parts.GetValueOrDefault(instance) >= part;

    /// <summary>The hour with a part of an instance, numbered from 1.</summary>
    public SloHour With(string instance, int part, IReadOnlyDictionary<string, Tally> tallies) => this with
    {
        Tallies = Sum([Tallies, tallies]),
        Parts = new Dictionary<string, int>(Parts, StringComparer.Ordinal) { [instance] = part },
    };

    /// <summary>All of them together, by objective.</summary>
    public static IReadOnlyDictionary<string, Tally> Sum(IEnumerable<IReadOnlyDictionary<string, Tally>> all)
    {
        var sum = new Dictionary<string, Tally>(StringComparer.Ordinal);
        foreach (var (objective, tally) in all.SelectMany(tallies => tallies))
            sum[objective] = sum.GetValueOrDefault(objective, Tally.Empty) + tally;
        return sum;
    }
}

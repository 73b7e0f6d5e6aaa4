using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace Hexabase.Domain.Operations;

/// <summary>Events of one objective, counted. Tallies of instances and hours are added in any order.</summary>
/// <param name="Durations">
/// How many events took how long: by the upper bound of each class in seconds, see <see cref="Bounds"/>. Classes without events are left
/// out.
/// </param>
public sealed record Tally(long Good, long Bad, IReadOnlyDictionary<double, long> Durations)
{
    /// <summary>
    /// Upper bounds of the classes, in seconds. What the objectives promise is among them, so that a percentile tells without error whether
    /// a promise is kept. The last one takes all that is longer: jobs are given up after a day.
    /// </summary>
    public static IReadOnlyList<double> Bounds { get; } =
        [0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 120, 300, 900, 3_600, 86_400];

    public static Tally Empty { get; } = new(0, 0, FrozenDictionary<double, long>.Empty);

    [JsonIgnore]
    public long Total => Good + Bad;

    public static Tally operator +(Tally one, Tally other)
    {
        var durations = new SortedDictionary<double, long>(one.Durations.ToDictionary());
        foreach (var (bound, count) in other.Durations)
            durations[bound] = durations.GetValueOrDefault(bound) + count;
        return new Tally(one.Good + other.Good, one.Bad + other.Bad, durations);
    }

    /// <summary>The bound in seconds that so large a share of the durations, 0 to 1, does not exceed; null without durations.</summary>
    public double? Percentile(decimal share)
    {
        var rank = Math.Ceiling(share * Durations.Values.Sum());
        var seen = 0L;
        foreach (var (bound, count) in Durations.OrderBy(d => d.Key))
        {
            seen += count;
            if (seen >= rank)
                return bound;
        }
        return null;
    }

    /// <summary>The upper bound of the class of such a duration.</summary>
    public static double ClassOf(double seconds)
    {
        foreach (var bound in Bounds)
        {
            if (seconds <= bound)
                return bound;
        }
        return Bounds[^1];
    }
}

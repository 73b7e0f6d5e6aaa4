using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Jobs;

/// <summary>When an unfinished run is looked at: first after ten minutes, then at doubling distances up to a few hours.</summary>
public static class JobWatch
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestDistance = TimeSpan.FromHours(4);

    public static string First(DateTimeOffset created) => IndexedTime.Of(created + FirstLook);

    /// <summary>The look after the one at <paramref name="now"/>: the run's age again, within bounds.</summary>
    public static string Next(DateTimeOffset created, DateTimeOffset now)
    {
        var age = now - created;
        var distance = age < FirstLook ? FirstLook : age > LongestDistance ? LongestDistance : age;
        return IndexedTime.Of(now + distance);
    }
}

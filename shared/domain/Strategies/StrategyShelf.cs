using System.Globalization;

namespace Hexabase.Domain.Strategies;

/// <summary>
/// How many strategies an account keeps. Document <see cref="DocumentId"/> in the account's partition; every change of the account's
/// strategies replaces it under its ETag, so that they follow one another and the count always equals the list.
/// </summary>
/// <param name="Saved">Strategies on the account's list, published ones too.</param>
/// <param name="Changes">Changes so far: the revision of the strategy changed last.</param>
public sealed record StrategyShelf(int Saved, long Changes)
{
    public const string DocumentId = "strategy-shelf";

    public static StrategyShelf Empty { get; } = new(0, 0);
}

/// <summary>Where room for one more strategy comes from.</summary>
public abstract record Room
{
    private Room()
    {
    }

    /// <summary>The plan keeps one more.</summary>
    public sealed record Free : Room;

    /// <summary>An unpublished one goes.</summary>
    public sealed record By(SavedStrategy RotatedOut) : Room;

    /// <summary>Everything saved is published, and that never goes by itself.</summary>
    public sealed record None : Room;

    /// <summary>
    /// Makes room for one more. An account over its limit, after a downgrade, keeps what it has: one goes for each that comes.
    /// </summary>
    /// <param name="saved">Strategies kept now.</param>
    /// <param name="limit">Strategies that the plan keeps.</param>
    /// <param name="oldestUnpublished">Null when all are published.</param>
    public static Room ForOneMore(int saved, int limit, SavedStrategy? oldestUnpublished) => (saved < limit, oldestUnpublished) switch
    {
        (true, _) => new Free(),
        (false, { } oldest) => new By(oldest),
        (false, null) => new None(),
    };
}

/// <summary>
/// A change that the account's partition has accepted and the other partitions may not show yet. It is written together with the list
/// and deleted when everything follows it; what a crash leaves is carried out by the account's next call.
/// Document <see cref="DocumentId"/> in the account's partition.
/// </summary>
/// <param name="Strategy">The strategy as it shall be.</param>
/// <param name="RotatedOut">The sid that made room; null when none had to.</param>
public sealed record PendingStrategyChange(Strategy Strategy, string? RotatedOut)
{
    public const string IdPrefix = "strategy-pending:";

    /// <summary>Sorts by revision: changes are carried out in the order they were accepted.</summary>
    public string DocumentId() => string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{Strategy.Revision:D14}");
}

using Hexabase.Domain.Strategies;

namespace Hexabase.Tests.Strategies;

public sealed class RoomTests
{
    private static readonly SavedStrategy Oldest =
        new("s_old", "Old", Visibility.Unpublished, 1, new string('0', 64), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    [Fact]
    public void Below_the_limit_nothing_goes() => Assert.Equal(new Room.Free(), Room.ForOneMore(9, 10, Oldest));

    [Fact]
    public void At_the_limit_the_oldest_unpublished_goes() => Assert.Equal(new Room.By(Oldest), Room.ForOneMore(10, 10, Oldest));

    [Fact]
    public void At_the_limit_with_all_published_there_is_no_room() => Assert.Equal(new Room.None(), Room.ForOneMore(10, 10, null));

    [Fact]
    public void Over_the_limit_after_a_downgrade_one_goes_for_each_that_comes() =>
        Assert.Equal(new Room.By(Oldest), Room.ForOneMore(200, 10, Oldest));
}

using Hexabase.Domain.Workspaces;

namespace Hexabase.Tests.Workspaces;

public sealed class NodeOptionsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(64, 30)]
    [InlineData(int.MaxValue, 30)]
    public void Waits_double_up_to_the_longest_however_many_tries_have_failed(int failed, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), NodeOptions.Default.DelayAfter(failed));
}

using FsCheck;
using FsCheck.Fluent;
using Hexabase.Adapters.Cosmos;

namespace Hexabase.Tests.Stores;

public sealed class CosmosVersionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("\"0000d986-0000-0000-0000-5f3d8e0d0000\"", null, "'0000d986-0000-0000-0000-5f3d8e0d0000'~")]
    [InlineData("\"0000d986-0000-0000-0000-5f3d8e0d0000\"", 32_503_680_000_000, "'0000d986-0000-0000-0000-5f3d8e0d0000'~32503680000000")]
    public void A_version_fits_into_an_HTTP_entity_tag_and_gives_its_ETag_back(string etag, long? expiresAt, string text)
    {
        Assert.Equal(text, new CosmosVersion(etag, expiresAt).ToString());
        Assert.Equal(etag, CosmosVersion.Condition(text, Now));
    }

    [Fact]
    public void A_version_is_over_at_the_very_millisecond()
    {
        var text = new CosmosVersion("\"e\"", Now.ToUnixTimeMilliseconds()).ToString();

        Assert.Equal("\"e\"", CosmosVersion.Condition(text, Now.AddMilliseconds(-1)));
        Assert.Equal(CosmosVersion.None, CosmosVersion.Condition(text, Now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("~")]
    [InlineData("*")]
    [InlineData("*~")]
    [InlineData("x")]
    [InlineData("x~y")]
    [InlineData("x~-1")]
    [InlineData("x~99999999999999999999")]
    public void Any_other_text_is_a_condition_that_no_item_meets(string text) => Assert.Equal(CosmosVersion.None, CosmosVersion.Condition(text, Now));

    [Fact]
    public void No_text_is_a_condition_that_every_item_meets() => Prop
        .ForAll<NonNull<string>>(text => Assert.NotEqual("*", CosmosVersion.Condition(text.Get, Now).Trim()))
        .QuickCheckThrowOnFailure();
}

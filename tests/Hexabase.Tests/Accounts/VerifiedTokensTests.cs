using System.Globalization;
using System.Security.Claims;
using Hexabase.Adapters.Tokens;

namespace Hexabase.Tests.Accounts;

public sealed class VerifiedTokensTests
{
    private static readonly VerifiedToken Good = new(new ClaimsPrincipal(), DateTimeOffset.MaxValue);

    [Fact]
    public void It_never_holds_more_than_two_generations()
    {
        var cache = new VerifiedTokens(generationSize: 10);
        for (var i = 0; i < 1_000; i++)
            cache.Add(i.ToString(CultureInfo.InvariantCulture), Good);
        var held = Enumerable.Range(0, 1_000).Where(i => cache.Find(i.ToString(CultureInfo.InvariantCulture)) is not null).ToArray();
        Assert.InRange(held.Length, 1, 20);
        Assert.Contains(999, held);
    }

    [Fact]
    public void A_token_in_use_stays_while_others_pass_by()
    {
        var cache = new VerifiedTokens(generationSize: 10);
        cache.Add("mine", Good);
        for (var i = 0; i < 1_000; i++)
        {
            cache.Add(i.ToString(CultureInfo.InvariantCulture), Good);
            Assert.NotNull(cache.Find("mine"));
        }
    }
}

using FsCheck;
using FsCheck.Fluent;
using Hexabase.Adapters.Stripe;

namespace Hexabase.Tests.Payments;

public sealed class StripeRetryTests
{
    [Fact]
    public void Waits_grow_are_spread_and_never_shorter_than_half_a_second_or_longer_than_eight() => Prop.ForAll(
        Gen.Choose(1, 40).ToArbitrary(),
        Gen.Choose(0, 1000).Select(thousandths => thousandths / 1000.0).ToArbitrary(),
        (retry, chance) =>
        {
            var delay = StripeRetry.Delay(retry, chance);
            Assert.InRange(delay, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(8));
            Assert.True(delay <= StripeRetry.Delay(retry + 1, chance));
            Assert.True(delay <= StripeRetry.Delay(retry, 1));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(409, null, null, true)]
    [InlineData(429, null, null, true)]
    [InlineData(400, "rate_limit", null, true)]
    [InlineData(500, null, "true", true)]
    [InlineData(503, null, null, true)]
    [InlineData(500, null, "false", false)]
    [InlineData(409, null, "false", false)]
    [InlineData(400, "rate_limit", "false", false)]
    [InlineData(400, null, null, false)]
    [InlineData(400, "resource_missing", null, false)]
    [InlineData(402, null, null, false)]
    [InlineData(402, null, "true", false)]
    [InlineData(200, null, null, false)]
    public void Only_what_passes_by_itself_is_worth_another_try(int status, string? code, string? shouldRetry, bool worth) =>
        Assert.Equal(worth, StripeRetry.IsWorthAnother(status, code, shouldRetry));
}

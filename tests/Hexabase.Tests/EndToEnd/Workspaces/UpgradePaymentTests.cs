using System.Net;
using System.Text.Json;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>Alternative flow 5a: the payment fails, or waits for its owner.</summary>
[Collection(PlatformCollection.Name)]
public sealed class UpgradePaymentTests(PlatformFixture fixture) : IAsyncLifetime
{
    private readonly SimulatedStripe stripe = new(fixture.Platform);

    public Task InitializeAsync() => new SimulatedCluster(fixture.Platform).Heal();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("pm_card_chargeDeclined", "card_declined", "generic_decline")] // when it is set up
    [InlineData("pm_card_chargeCustomerFail", "card_declined", "generic_decline")] // when it is charged
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")]
    [InlineData("pm_card_chargeDeclinedLostCard", "card_declined", null)]
    public async Task A_refused_card_is_told_with_its_reason_and_another_one_is_charged_once(string card, string code, string? declineCode)
    {
        using var tenant = await Tenant.New(fixture.Platform);
        var upgrade = await tenant.Upgrade(card);

        var waiting = await tenant.Reaches(upgrade, "waiting_for_payment");
        Assert.Equal("payment_method", Text(waiting.GetProperty("waiting_for"), "kind"));
        Assert.InRange(
            waiting.GetProperty("waiting_for").GetProperty("until").GetDateTimeOffset() - DateTimeOffset.UtcNow,
            TimeSpan.FromDays(6.9),
            TimeSpan.FromDays(7));
        var failure = waiting.GetProperty("failure");
        Assert.Equal((code, declineCode), (Text(failure, "code"), TextOrNull(failure, "decline_code")));
        Assert.Equal(Balance.Nothing, await stripe.Balance(tenant.AccountId));
        Assert.Equal("hobby", (await tenant.Plan()).Plan);

        await tenant.Pay(upgrade, "pm_card_visa");
        var completed = await tenant.Reaches(upgrade, "completed");
        Assert.Equal(2, completed.GetProperty("payment").GetProperty("attempt").GetInt32());
        Assert.Equal(Balance.OnePro, await stripe.Balance(tenant.AccountId));
    }

    [Theory]
    [InlineData("pm_card_authenticationRequired")] // when it is charged
    [InlineData("pm_card_authenticationRequiredOnSetup")]
    public async Task A_card_that_asks_for_its_owner_is_charged_once_they_have_authenticated(string card)
    {
        using var tenant = await Tenant.New(fixture.Platform);
        var upgrade = await tenant.Upgrade(card);
        var secret = await SecretOf(tenant, upgrade);
        Assert.Equal(0, (await stripe.Balance(tenant.AccountId)).Charges);

        await stripe.Authenticate(secret, succeeds: true);
        await tenant.Confirm(upgrade);
        var completed = await tenant.Reaches(upgrade, "completed");

        Assert.Equal(Balance.OnePro, await stripe.Balance(tenant.AccountId));
        Assert.DoesNotContain(secret, completed.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(await tenant.Log(), line => line.GetRawText().Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_failed_authentication_another_card_is_charged_once()
    {
        using var tenant = await Tenant.New(fixture.Platform);
        var upgrade = await tenant.Upgrade("pm_card_authenticationRequired");
        await stripe.Authenticate(await SecretOf(tenant, upgrade), succeeds: false);
        await tenant.Confirm(upgrade);

        await tenant.WaitsFor(upgrade, "payment_method");
        Assert.Equal(Balance.Nothing, await stripe.Balance(tenant.AccountId));
        await tenant.Pay(upgrade, "pm_card_mastercard");
        await tenant.Reaches(upgrade, "completed");
        Assert.Equal(Balance.OnePro, await stripe.Balance(tenant.AccountId));
    }

    [Fact]
    public async Task Its_owner_gives_it_up_and_may_begin_anew()
    {
        using var tenant = await Tenant.New(fixture.Platform);
        var upgrade = await tenant.Upgrade("pm_card_authenticationRequired");
        await SecretOf(tenant, upgrade);

        for (var i = 0; i < 2; i++)
            await tenant.Visitor.PostFor($"{upgrade}/cancel", new { }, HttpStatusCode.Accepted);
        await tenant.Reaches(upgrade, "cancelled");

        Assert.Equal(Balance.Nothing, await stripe.Balance(tenant.AccountId));
        Assert.Equal(("hobby", true), await tenant.Plan());
        Assert.Equal(["upgrade_needs_you", "upgrade_cancelled"], await tenant.Told());
        await tenant.Reaches(await tenant.Upgrade("pm_card_visa"), "completed");
        Assert.Equal(Balance.OnePro, await stripe.Balance(tenant.AccountId));
    }

    [Fact]
    public async Task Unanswered_it_is_cancelled_with_nothing_charged()
    {
        await using var platform = await PlatformProcess.Start(seed: false, settings: [("Upgrade__PaymentAnswer", "00:00:01")]);
        var counter = new SimulatedStripe(platform);
        foreach (var card in new[] { "pm_card_chargeCustomerFail", "pm_card_authenticationRequired" })
        {
            using var tenant = await Tenant.New(platform);
            await tenant.Reaches(await tenant.Upgrade(card), "cancelled");
            Assert.Equal(Balance.Nothing, await counter.Balance(tenant.AccountId));
            Assert.Equal(("hobby", true), await tenant.Plan());
        }
    }

    /// <summary>With which its owner authenticates.</summary>
    private static async Task<string> SecretOf(Tenant tenant, string upgrade) =>
        Text(await tenant.WaitsFor(upgrade, "authentication"), "client_secret");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string? TextOrNull(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}

using Hexabase.Domain;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Workspaces.Upgrades;

public sealed class StartUpgradeTests
{
    [Fact]
    public async Task A_repeat_with_the_same_key_gets_the_same_upgrade()
    {
        await using var area = await UpgradeArea.New();
        Assert.Equal((await Start(area, area.Ask())).Value().UpgradeId, (await Start(area, area.Ask())).Value().UpgradeId);
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", (await Start(area, area.Ask(FakePayments.SecureCard))).Refusal().Code);
    }

    [Fact]
    public async Task Of_many_at_the_same_moment_one_begins_and_the_others_are_told_which()
    {
        await using var area = await UpgradeArea.New();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Start(area, area.Ask(key: $"key-{i}"))));
        var begun = Assert.Single(answers, answer => answer.Succeeded(out _, out _)).Value();
        var refused = answers.Where(answer => !answer.Succeeded(out _, out _)).Select(answer => Assert.IsType<ChangeUnderWay>(answer.Refusal()));
        Assert.All(refused, refusal => Assert.Equal(begun.UpgradeId, refusal.Members!["running"]));
    }

    [Fact]
    public async Task The_price_that_was_accepted_is_the_upgrades()
    {
        await using var area = await UpgradeArea.New();
        Assert.Equal(TestPlans.Product.Workspaces.Pro.Price, (await Start(area, area.Ask())).Value().Payment.Price);
    }

    [Fact]
    public async Task A_workspace_on_plan_pro_is_refused()
    {
        await using var area = await UpgradeArea.New();
        await area.Finished(await area.Started());
        Assert.IsType<AlreadyUpgraded>((await Start(area, area.Ask(key: "again"))).Refusal());
    }

    [Fact]
    public async Task After_a_cancelled_upgrade_another_may_begin_with_the_same_customer()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.EmptyCard);
        await area.Get<AnswerPaymentHandler>().Handle(new CancelUpgrade(id.ToString(), area.AccountId), default);
        await area.Finished(id);
        var second = (await Start(area, area.Ask(key: "second"))).Value();
        Assert.True(WorkspaceChangeId.TryParse(second.UpgradeId, out var secondId));
        Assert.Equal(UpgradeStatus.Completed, (await area.Finished(secondId)).Status);
        Assert.Equal((1, 1), (area.Payments.Customers, area.Payments.Charges));
    }

    [Theory]
    [InlineData("terms_accepted")]
    [InlineData("payment_method")]
    [InlineData("region")]
    [InlineData("Idempotency-Key")]
    public async Task What_is_missing_or_wrong_is_refused_by_its_name(string field)
    {
        await using var area = await UpgradeArea.New();
        var ask = area.Ask();
        ask = field switch
        {
            "terms_accepted" => ask with { TermsAccepted = false },
            "payment_method" => ask with { PaymentMethod = "4242424242424242" },
            "region" => ask with { Region = "atlantis" },
            _ => ask with { IdempotencyKey = null },
        };
        Assert.Equal((RefusalKind.Invalid, field), (await Start(area, ask)).Refusal() is var refusal ? (refusal.Kind, refusal.Field) : default);
    }

    [Fact]
    public async Task An_upgrade_is_its_owners_alone()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.SecureCard);
        var other = Ids.NewAccount();
        Assert.IsType<UpgradeNotFound>(
            (await area.Get<GetUpgradeHandler>().Handle(new GetUpgrade(id.ToString(), other, TimeSpan.Zero, null), default)).Refusal());
        Assert.IsType<UpgradeNotFound>(
            (await area.Get<AnswerPaymentHandler>().Handle(new CancelUpgrade(id.ToString(), other), default)).Refusal());
    }

    private static Task<Result<Upgrade>> Start(UpgradeArea area, StartUpgrade ask) => area.Get<StartUpgradeHandler>().Handle(ask, default);
}

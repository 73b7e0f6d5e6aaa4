using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;

namespace Hexabase.Tests.Payments;

/// <summary>A customer with keys of its own, who has done nothing yet.</summary>
internal sealed class Buyer
{
    public static readonly Price Plan = new("test_workspace_pro_m_jpy", PriceInterval.Month, 4980);
    public static readonly Price Node = new("test_workspace_node_m_jpy", PriceInterval.Month, 3980);

    private readonly string serial = Guid.NewGuid().ToString("n");

    private Buyer(IPayments payments) => Payments = payments;

    public IPayments Payments { get; }

    public string Id { get; private set; } = "";

    public PaymentCustomer Customer => new($"a{serial}", "buyer@example.com", "Buyer");

    public static async Task<Buyer> New(IPayments payments)
    {
        var buyer = new Buyer(payments);
        buyer.Id = await payments.CreateCustomer(buyer.Customer, buyer.Key("customer"), default);
        return buyer;
    }

    public string Key(string step) => $"{serial}:{step}";

    public Task<PaymentMethodSetup> SetUp(string card, string step = "validate") => Payments.SetUpMethod(Id, card, Key(step), default);

    /// <summary>The id of a method that is ready.</summary>
    public async Task<string> Method(string card, string step = "validate") =>
        Assert.IsType<PaymentMethodSetup.Ready>(await SetUp(card, step)).PaymentMethod;

    public Task<SubscriptionPayment> Subscribe(string method, string step = "charge", string reference = "up_1") =>
        Payments.Subscribe(new NewSubscription(Id, Customer.AccountId, Plan, method, reference), Key(step), default);

    /// <summary>A subscription paid with a card.</summary>
    public async Task<SubscriptionPayment.Paid> Subscribed(string card = "pm_card_visa") =>
        Assert.IsType<SubscriptionPayment.Paid>(await Subscribe(await Method(card)));
}

using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;

namespace Hexabase.Tests.Workspaces;

/// <summary>A payment provider in memory, which does each key's effect once and remembers all of them.</summary>
internal sealed class FakePayments(TimeProvider clock) : IPayments
{
    public const string GoodCard = "pm_good";
    public const string EmptyCard = "pm_empty";
    public const string UnusableCard = "pm_unusable";
    public const string SecureCard = "pm_secure";
    public const string SecureSetupCard = "pm_secure_setup";

    /// <summary>Ends the id under which a method is kept for a customer; only such can be charged.</summary>
    private const string Kept = "_kept";

    /// <summary>A <see cref="GoodCard"/> that is a customer's.</summary>
    public const string KeptCard = GoodCard + Kept;

    private readonly Dictionary<string, object> answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PaymentMethodSetup> setups = new(StringComparer.Ordinal);

    /// <summary>Asked before each call, by its name; throws what the call is to fail with.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Asked after each call has had its effect; what it throws is all that the caller hears of it.</summary>
    public Action<string> After { get; set; } = _ => { };

    public Dictionary<string, FakeSubscription> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>Customers that were made.</summary>
    public int Customers { get; private set; }

    /// <summary>Yen taken and not given back.</summary>
    public long Balance => Subscriptions.Values.Sum(s => s.Taken - s.Refunded);

    /// <summary>How many times money was taken.</summary>
    public int Charges => Subscriptions.Values.Count(s => s.Taken > 0);

    public Task<string> CreateCustomer(PaymentCustomer customer, string key, CancellationToken ct) =>
        Once(nameof(CreateCustomer), key, () => $"cus_{++Customers}");

    public Task<PaymentMethodSetup> SetUpMethod(string customerId, string paymentMethod, string key, CancellationToken ct) =>
        Once(nameof(SetUpMethod), key, () =>
        {
            var id = $"seti_{setups.Count}";
            PaymentMethodSetup setup = paymentMethod switch
            {
                UnusableCard => new PaymentMethodSetup.Refused(id, new PaymentRefusal("card_declined", "do_not_honor", "Your card was declined.")),
                SecureSetupCard => new PaymentMethodSetup.NeedsAuthentication(id, $"{id}_secret"),
                _ => new PaymentMethodSetup.Ready(id, paymentMethod + Kept),
            };
            return setups[id] = setup;
        });

    public Task<PaymentMethodSetup> ReadSetup(string setupId, CancellationToken ct) => Always(nameof(ReadSetup), () => setups[setupId]);

    public Task<SubscriptionPayment> Subscribe(NewSubscription subscription, string key, CancellationToken ct) =>
        Once(nameof(Subscribe), key, () =>
        {
            var made = new FakeSubscription($"sub_{Subscriptions.Count}", subscription.Price, clock.GetUtcNow())
            {
                Status = subscription.PaymentMethod switch
                {
                    EmptyCard + Kept => FakeSubscriptionStatus.Refused,
                    SecureCard + Kept => FakeSubscriptionStatus.Unauthenticated,
                    var kept when kept.EndsWith(Kept, StringComparison.Ordinal) => FakeSubscriptionStatus.Paid,
                    var method => throw new PaymentsException($"{method} is no method of the customer."),
                },
            };
            Subscriptions.Add(made.Id, made);
            return made.Answer();
        });

    public Task<SubscriptionPayment?> ReadSubscription(string subscriptionId, CancellationToken ct) =>
        Always(nameof(ReadSubscription), () =>
        {
            var subscription = Subscriptions.GetValueOrDefault(subscriptionId);
            if (subscription is { EndsWithPeriod: true } && subscription.PeriodEnd <= clock.GetUtcNow())
                subscription.Status = FakeSubscriptionStatus.Ended;
            return subscription?.Answer();
        });

    /// <summary>The card has no money for additions.</summary>
    public bool RefusesAdditions { get; set; }

    public Task<SubscriptionPayment> AddToSubscription(string subscriptionId, Price price, string key, CancellationToken ct) =>
        Once(nameof(AddToSubscription), key, () => RefusesAdditions
            ? new SubscriptionPayment.Refused(
                "", new PaymentRefusal("card_declined", "insufficient_funds", "Your card has insufficient funds."))
            : Subscriptions[subscriptionId].Add(price));

    public Task RemoveFromSubscription(string subscriptionId, Price price, string key, CancellationToken ct) =>
        Once(nameof(RemoveFromSubscription), key, () => Subscriptions[subscriptionId].Additions.Remove(price.Id));

    public Task EndNow(string subscriptionId, CancellationToken ct) =>
        Always(nameof(EndNow), () => Subscriptions[subscriptionId].Status = FakeSubscriptionStatus.Ended);

    public Task<DateTimeOffset> EndWithPeriod(string subscriptionId, bool ends, string key, CancellationToken ct) =>
        Once(nameof(EndWithPeriod), key, () =>
        {
            var subscription = Subscriptions[subscriptionId];
            subscription.EndsWithPeriod = ends;
            return subscription.PeriodEnd;
        });

    public Task<PaymentRefund> RefundInFull(string paymentId, string key, CancellationToken ct) => Once(nameof(RefundInFull), key, () =>
    {
        var subscription = Subscriptions.Values.Single(s => s.Payments.ContainsKey(paymentId));
        subscription.Refunded += subscription.Payments[paymentId];
        return new PaymentRefund($"re_{paymentId}", subscription.Payments[paymentId]);
    });

    /// <summary>The owner authenticates what waits for it.</summary>
    public void Authenticate()
    {
        foreach (var subscription in Subscriptions.Values.Where(s => s.Status == FakeSubscriptionStatus.Unauthenticated))
            subscription.Status = FakeSubscriptionStatus.Paid;
        foreach (var (id, setup) in setups)
        {
            if (setup is PaymentMethodSetup.NeedsAuthentication)
                setups[id] = new PaymentMethodSetup.Ready(id, SecureSetupCard + Kept);
        }
    }

    private Task<T> Once<T>(string call, string key, Func<T> effect) where T : notnull => Always(call, () =>
    {
        if (answers.TryGetValue(key, out var earlier))
            return (T)earlier;
        var answer = effect();
        answers.Add(key, answer);
        return answer;
    });

    private Task<T> Always<T>(string call, Func<T> effect)
    {
        Before(call);
        var answer = effect();
        After(call);
        return Task.FromResult(answer);
    }
}

internal enum FakeSubscriptionStatus
{
    Refused,
    Unauthenticated,
    Paid,
    Ended,
}

internal sealed class FakeSubscription(string id, Price price, DateTimeOffset begun)
{
    private FakeSubscriptionStatus status;

    public string Id => id;

    public string PriceId => price.Id;

    public string PaymentId => $"pi_{id}";

    /// <summary>What was taken, by the id of the payment.</summary>
    public Dictionary<string, long> Payments { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of the prices beside the first.</summary>
    public List<string> Additions { get; } = [];

    public long Taken => Payments.Values.Sum();

    public long Refunded { get; set; }

    public DateTimeOffset PeriodEnd { get; set; } = begun.AddMonths(1);

    public bool EndsWithPeriod { get; set; }

    public FakeSubscriptionStatus Status
    {
        get => status;
        set
        {
            status = value;
            if (value == FakeSubscriptionStatus.Paid)
                Payments[PaymentId] = price.Jpy;
        }
    }

    public SubscriptionPayment Add(Price added)
    {
        if (status == FakeSubscriptionStatus.Ended)
            return new SubscriptionPayment.Ended(id);
        Additions.Add(added.Id);
        var paymentId = $"{PaymentId}_{Payments.Count}";
        Payments.Add(paymentId, added.Jpy);
        return new SubscriptionPayment.Paid(id, paymentId, $"in_{paymentId}", added.Jpy, PeriodEnd, EndsWithPeriod);
    }

    public SubscriptionPayment Answer() => status switch
    {
        FakeSubscriptionStatus.Paid =>
            new SubscriptionPayment.Paid(id, PaymentId, $"in_{id}", price.Jpy, PeriodEnd, EndsWithPeriod),
        FakeSubscriptionStatus.Refused => new SubscriptionPayment.Refused(
            id, new PaymentRefusal("card_declined", "insufficient_funds", "Your card has insufficient funds.")),
        FakeSubscriptionStatus.Unauthenticated => new SubscriptionPayment.NeedsAuthentication(id, $"{id}_secret"),
        _ => new SubscriptionPayment.Ended(id),
    };
}

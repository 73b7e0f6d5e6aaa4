using Hexabase.Backtesting;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;

namespace Hexabase.Adapters.Stripe;

/// <summary>
/// Payments by Stripe's HTTP API (stripe-rest.md). A repeated key answers with what was said the first time, so state is read anew whenever
/// an answer is a replay, and nothing is charged before looking whether it has been.
/// </summary>
internal sealed class StripePayments(StripeClient stripe) : IPayments
{
    // Names in Stripe's metadata.
    private const string Account = "account";
    private const string Reference = "reference";
    private const string PriceName = "price";
    private const string LastChange = "last_change";

    private const string Subscriptions = "v1/subscriptions";
    private const string Invoices = "v1/invoices";
    private const int ProfileLength = 16;

    private readonly StripePrices prices = new(stripe);

    /// <inheritdoc/>
    public async Task<string> CreateCustomer(PaymentCustomer customer, string key, CancellationToken ct)
    {
        StripeForm form = new()
        {
            { "email", customer.Email },
            { "name", customer.Name },
            { "metadata", new StripeForm { { Account, customer.AccountId } } },
        };

        // A key stands for its parameters: a profile that was changed since the last try is another call, not an error.
        var call = $"customer-{Sha256Hex.Of($"{customer.Email}\n{customer.Name}")[..ProfileLength]}";
        return (await stripe.PostOnce("v1/customers", form, key, call, ct)).Require().Text("id");
    }

    /// <inheritdoc/>
    public async Task<PaymentMethodSetup> SetUpMethod(string customerId, string paymentMethod, string key, CancellationToken ct)
    {
        StripeForm form = new()
        {
            { "customer", customerId },
            { "payment_method", paymentMethod },
            { "usage", "off_session" },
            { "confirm", true },
            { "automatic_payment_methods", new StripeForm { { "enabled", true }, { "allow_redirects", "never" } } },
        };
        var answer = await stripe.PostOnce("v1/setup_intents", form, key, "setup", ct);
        if (answer is StripeAnswer.Failed failed && failed.Error.AsRefusal("payment_method") is { } refusal)
            return new PaymentMethodSetup.Refused(failed.Error.SetupIntentId ?? "", refusal);
        var intent = answer.Require();
        return answer.IsReplayed ? await ReadSetup(intent.Text("id"), ct) : await SetupOf(intent, ct);
    }

    /// <inheritdoc/>
    public async Task<PaymentMethodSetup> ReadSetup(string setupId, CancellationToken ct) =>
        await SetupOf((await stripe.Get(PathOf("v1/setup_intents", setupId), [], ct)).Require(), ct);

    /// <inheritdoc/>
    public async Task<SubscriptionPayment> Subscribe(NewSubscription subscription, string key, CancellationToken ct)
    {
        var answer = await stripe.PostOnce(Subscriptions, key, "subscribe", Look, ct);
        if (answer is StripeAnswer.Failed failed && failed.Error.AsRefusal("default_payment_method") is { } refusal)
            return new SubscriptionPayment.Refused("", refusal);
        var made = answer.Require();
        return await PaymentOf(answer.IsReplayed ? await Read(made.Text("id"), ct) : made, ct);

        async Task<(StripeObject?, StripeForm?)> Look()
        {
            var all = await SubscriptionsOf(subscription.CustomerId, subscription.Reference, ct);
            return all.FirstOrDefault(found => !HasEnded(found)) is { } present
                ? (present, null)
                : (null, FormOf(subscription, await prices.Resolve(subscription.Price, ct)));
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FindSubscriptions(string customerId, string reference, CancellationToken ct) =>
        [.. (await SubscriptionsOf(customerId, reference, ct)).Select(subscription => subscription.Text("id"))];

    /// <inheritdoc/>
    public async Task<SubscriptionPayment?> ReadSubscription(string subscriptionId, CancellationToken ct) =>
        await stripe.Get(PathOf(Subscriptions, subscriptionId), new() { { "expand", Expanded } }, ct) switch
        {
            StripeAnswer.Failed { Error.IsMissing: true } => null,
            var answer => await PaymentOf(answer.Require(), ct),
        };

    /// <inheritdoc/>
    public async Task<SubscriptionPayment> AddToSubscription(string subscriptionId, Price price, string key, CancellationToken ct)
    {
        var priceId = await prices.Resolve(price, ct);
        var answer = await ChangeItems(
            subscriptionId,
            key,
            "add",
            subscription => HasEnded(subscription) ? null : new()
            {
                { "items", [OneMore(subscription)] },
                { "proration_behavior", "always_invoice" },
                { "payment_behavior", "error_if_incomplete" },
            },
            ct);
        if (answer is StripeAnswer.Failed failed && failed.Error.AsRefusal("default_payment_method") is { } refusal)
            return new SubscriptionPayment.Refused("", refusal);
        var changed = answer.Require();
        return HasEnded(changed)
            ? new SubscriptionPayment.Ended(subscriptionId)
            : await PaymentOf(subscriptionId, changed, await InvoiceOfLatestChange(subscriptionId, ct), ct);

        // One price is one item with a quantity: Stripe refuses a second item of it.
        StripeForm OneMore(StripeObject subscription) =>
            ItemsOf(subscription).LastOrDefault(item => item.Object("price").Text("id") == priceId) is { } item
                ? new() { { "id", item.Text("id") }, { "quantity", item.Whole("quantity") + 1 } }
                : ItemOf(priceId, price, quantity: 1);
    }

    /// <inheritdoc/>
    public async Task RemoveFromSubscription(string subscriptionId, Price price, string key, CancellationToken ct)
    {
        var answer = await ChangeItems(
            subscriptionId,
            key,
            "remove",
            subscription => !HasEnded(subscription) && ItemsOf(subscription).LastOrDefault(IsOfThePrice) is { } item
                ? new() { { "items", [OneLess(item)] }, { "proration_behavior", "none" } }
                : null,
            ct);
        if (answer is not StripeAnswer.Failed { Error.IsMissing: true })
            answer.Require();

        // By our name: an item keeps the price it was sold at after the lookup key has moved to another one.
        bool IsOfThePrice(StripeObject item) => item.Object("metadata").TextOrNull(PriceName) == price.Id;

        static StripeForm OneLess(StripeObject item) => item.Whole("quantity") is > 1 and var quantity
            ? new() { { "id", item.Text("id") }, { "quantity", quantity - 1 } }
            : new() { { "id", item.Text("id") }, { "deleted", true } };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PaymentMade>> EndNow(string subscriptionId, CancellationToken ct)
    {
        var answer = await stripe.Delete(PathOf(Subscriptions, subscriptionId), ct);
        if (answer is not StripeAnswer.Failed { Error.IsMissing: true })
            answer.Require();

        // An ended subscription is not charged by itself any more, but what is open could still be paid by the customer until it is void.
        // Voiding twice does no harm; under one key a refusal would be repeated for a day.
        foreach (var open in (await InvoicesOf(subscriptionId, ct)).Where(IsOpen))
        {
            var (path, key) = ($"{PathOf(Invoices, open.Text("id"))}/void", Guid.NewGuid().ToString());
            if (await stripe.PostOnce(path, [], key, "void", ct) is StripeAnswer.Failed { Status: not 400 } failed)
                failed.Require();
        }
        var invoices = await InvoicesOf(subscriptionId, ct);
        if (invoices.FirstOrDefault(IsOpen) is { } underWay)
            throw new DependencyUnavailableException($"Stripe cannot void invoice {underWay.Text("id")}: it is being paid.");
        return
        [
            .. invoices.Where(invoice => invoice.Text("status") == "paid" && PaymentIdOf(invoice) is not null)
                .Select(invoice => new PaymentMade(PaymentIdOf(invoice)!, invoice.Whole("amount_paid"))),
        ];

        static bool IsOpen(StripeObject invoice) => invoice.Text("status") == "open";
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset> EndWithPeriod(string subscriptionId, bool ends, string key, CancellationToken ct)
    {
        StripeForm form = new() { { "cancel_at_period_end", ends } };
        return PeriodEndOf((await stripe.PostOnce(PathOf(Subscriptions, subscriptionId), form, key, "end-with-period", ct)).Require());
    }

    /// <inheritdoc/>
    public async Task<PaymentRefund> RefundInFull(string paymentId, string key, CancellationToken ct)
    {
        StripeForm form = new() { { "payment_intent", paymentId } };
        var answer = await stripe.PostOnce("v1/refunds", form, key, "refund", ct);
        if (answer is not StripeAnswer.Failed { Error.Code: "charge_already_refunded" })
            answer.Require();
        var all = await stripe.List("v1/refunds", form, ct);
        var given = all.Where(refund => refund.Text("status") is not ("failed" or "canceled")).ToList();
        return given.Count > 0
            ? new PaymentRefund(given[0].Text("id"), given.Sum(refund => refund.Whole("amount")))
            : throw new PaymentsException($"Stripe could not give payment {paymentId} back.");
    }

    /// <summary>With its latest invoice and how that is paid.</summary>
    private static IReadOnlyList<string> Expanded => ["latest_invoice.payments"];

    private async Task<StripeObject> Read(string subscriptionId, CancellationToken ct) =>
        (await stripe.Get(PathOf(Subscriptions, subscriptionId), new() { { "expand", Expanded } }, ct)).Require();

    /// <summary>With <see cref="Expanded"/>.</summary>
    private async Task<IEnumerable<StripeObject>> SubscriptionsOf(string customerId, string reference, CancellationToken ct)
    {
        StripeForm query = new() { { "customer", customerId }, { "status", "all" }, { "expand", ["data.latest_invoice.payments"] } };
        return (await stripe.List(Subscriptions, query, ct)).Where(found => found.Object("metadata").TextOrNull(Reference) == reference);
    }

    /// <summary>All of a subscription, the newest first, with their payments.</summary>
    private Task<IReadOnlyList<StripeObject>> InvoicesOf(string subscriptionId, CancellationToken ct) =>
        stripe.List(Invoices, new() { { "subscription", subscriptionId }, { "expand", ["data.payments"] } }, ct);

    /// <summary>Not the latest invoice: that may be a renewal's.</summary>
    private async Task<StripeObject> InvoiceOfLatestChange(string subscriptionId, CancellationToken ct) =>
        (await InvoicesOf(subscriptionId, ct)).FirstOrDefault(invoice => invoice.Text("billing_reason") == "subscription_update")
            ?? throw new PaymentsException($"Subscription {subscriptionId} has no invoice of its latest change.");

    /// <summary>
    /// A change that counts up or down, so that doing it again would be another one. The subscription remembers the key of its latest
    /// change, written with it; changes of one subscription come one after the other.
    /// </summary>
    /// <param name="change">Null when there is nothing to do.</param>
    private Task<StripeAnswer> ChangeItems(
        string subscriptionId, string key, string call, Func<StripeObject, StripeForm?> change, CancellationToken ct)
    {
        return stripe.PostOnce(PathOf(Subscriptions, subscriptionId), key, call, Look, ct);

        async Task<(StripeObject?, StripeForm?)> Look()
        {
            var present = await Read(subscriptionId, ct);
            if (present.Object("metadata").TextOrNull(LastChange) == key || change(present) is not { } form)
                return (present, null);
            form.Add("metadata", new StripeForm { { LastChange, key } });
            form.Add("expand", Expanded);
            return (null, form);
        }
    }

    private async Task<PaymentMethodSetup> SetupOf(StripeObject intent, CancellationToken ct)
    {
        var id = intent.Text("id");
        switch (intent.Text("status"))
        {
            case "succeeded":
                var method = intent.Text("payment_method");
                await MakeDefault(intent.Text("customer"), method, setupId: id, ct);
                return new PaymentMethodSetup.Ready(id, method);
            case "requires_action":
                return new PaymentMethodSetup.NeedsAuthentication(id, intent.Text("client_secret"));
            case "requires_payment_method" or "canceled":
                return new PaymentMethodSetup.Refused(id, LastErrorOf(intent, "last_setup_error"));
            case var status:
                throw new PaymentsException($"Setup {id} is {status}, which no card's is.");
        }
    }

    private async Task MakeDefault(string customerId, string method, string setupId, CancellationToken ct)
    {
        StripeForm form = new() { { "invoice_settings", new StripeForm { { "default_payment_method", method } } } };
        (await stripe.PostOnce(PathOf("v1/customers", customerId), form, setupId, "default", ct)).Require();
    }

    /// <param name="subscription">With <see cref="Expanded"/>.</param>
    private async Task<SubscriptionPayment> PaymentOf(StripeObject subscription, CancellationToken ct)
    {
        var id = subscription.Text("id");
        return HasEnded(subscription)
            ? new SubscriptionPayment.Ended(id)
            : await PaymentOf(id, subscription, subscription.Object("latest_invoice"), ct);
    }

    private async Task<SubscriptionPayment> PaymentOf(string id, StripeObject subscription, StripeObject invoice, CancellationToken ct)
    {
        var paymentId = PaymentIdOf(invoice);
        return invoice.Text("status") switch
        {
            "paid" => new SubscriptionPayment.Paid(
                id,
                paymentId,
                invoice.Text("id"),
                invoice.Whole("amount_paid"),
                PeriodEndOf(subscription),
                subscription.Flag("cancel_at_period_end")),
            "open" when paymentId is not null => await OpenPaymentOf(id, paymentId, ct),
            "draft" or "open" => new SubscriptionPayment.Processing(id),
            _ => new SubscriptionPayment.Refused(id, new PaymentRefusal("invoice_given_up", null, "This payment is no longer asked for.")),
        };
    }

    private async Task<SubscriptionPayment> OpenPaymentOf(string subscriptionId, string paymentId, CancellationToken ct)
    {
        var intent = (await stripe.Get(PathOf("v1/payment_intents", paymentId), [], ct)).Require();
        return intent.Text("status") switch
        {
            "requires_action" => new SubscriptionPayment.NeedsAuthentication(subscriptionId, intent.Text("client_secret")),
            "requires_payment_method" or "canceled" =>
                new SubscriptionPayment.Refused(subscriptionId, LastErrorOf(intent, "last_payment_error")),
            "processing" or "succeeded" => new SubscriptionPayment.Processing(subscriptionId), // The invoice follows its payment.
            var status => throw new PaymentsException($"Payment {paymentId} is {status}, which no subscription's is."),
        };
    }

    private static string? PaymentIdOf(StripeObject invoice) =>
        invoice.List("payments").LastOrDefault(payment => payment.Text("status") != "canceled")?.Object("payment").Text("payment_intent");

    private static PaymentRefusal LastErrorOf(StripeObject intent, string field) =>
        (intent.ObjectOrNull(field) is { } error ? StripeError.Read(error) : StripeError.Unreadable).AsRefusal();

    private static bool HasEnded(StripeObject subscription) => subscription.Text("status") is "canceled" or "incomplete_expired";

    private static IReadOnlyList<StripeObject> ItemsOf(StripeObject subscription) => subscription.List("items");

    /// <summary>Items of one interval share the period.</summary>
    private static DateTimeOffset PeriodEndOf(StripeObject subscription) =>
        ItemsOf(subscription) is [var item, ..]
            ? item.Time("current_period_end")
            : throw new PaymentsException("A subscription has no items.");

    private static StripeForm FormOf(NewSubscription subscription, string priceId) => new()
    {
        { "customer", subscription.CustomerId },
        { "items", [ItemOf(priceId, subscription.Price, quantity: 1)] },
        { "default_payment_method", subscription.PaymentMethod },
        { "payment_behavior", "allow_incomplete" },
        { "metadata", new StripeForm { { Account, subscription.AccountId }, { Reference, subscription.Reference } } },
        { "expand", Expanded },
    };

    private static StripeForm ItemOf(string priceId, Price price, int quantity) => new()
    {
        { "price", priceId },
        { "quantity", quantity },
        { "metadata", new StripeForm { { PriceName, price.Id } } },
    };

    private static string PathOf(string collection, string id) => $"{collection}/{Uri.EscapeDataString(id)}";
}

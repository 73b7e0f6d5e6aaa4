namespace Hexabase.Local.Simulators.Stripe;

/// <summary>Invoices of subscriptions and the payments that settle them.</summary>
internal static class Invoices
{
    private static readonly StripeError AuthenticationFailed = StripeError.Card(
        "payment_intent_authentication_failure", "The provided payment method has failed authentication.");

    public static StripeReply List(StripeCall call)
    {
        var subscription = call.Parameters.Text("subscription");
        return call.AnswerList(call.Objects.List<Invoice>(call.Parameters.Text("customer"))
            .Where(invoice => subscription is null || invoice.Parent.SubscriptionDetails.Subscription == subscription));
    }

    public static StripeReply Void(StripeCall call) => call.Objects.Get<Invoice>(call.Id) is { Status: "open" } open
        ? call.Answer(Void(call.Objects, open))
        : throw StripeRefusal.Invalid(null, "You can only void invoices that are open.");

    /// <summary>Writes an invoice and tries to take its amount at once; nothing is taken for an amount of zero.</summary>
    /// <returns>The invoice as it then stands, and what the card's bank said.</returns>
    public static (Invoice Invoice, CardAnswer Answer) Charge(
        StripeObjects objects, Subscription subscription, string reason, IReadOnlyList<InvoiceLine> lines)
    {
        var invoice = new Invoice
        {
            Id = StripeObjects.NewId(Invoice.Prefix),
            Created = objects.Now,
            Customer = subscription.Customer,
            Status = "paid",
            BillingReason = reason,
            Total = lines.Sum(line => line.Amount),
            Lines = new StripeList<InvoiceLine>(lines),
            Parent = new InvoiceParent(new InvoiceSubscription(subscription.Id, subscription.Metadata)),
        };
        if (invoice.Total == 0)
            return (objects.Save(invoice), new CardAnswer.Approved());

        var method = objects.Get<PaymentMethod>(subscription.DefaultPaymentMethod);
        var intentId = StripeObjects.NewId(PaymentIntent.Prefix);
        var intent = new PaymentIntent
        {
            Id = intentId,
            Created = objects.Now,
            Customer = subscription.Customer,
            Amount = invoice.Total,
            Status = "requires_action",
            PaymentMethod = method.Id,
            ClientSecret = StripeObjects.NewSecret(intentId),
            SimulatedInvoice = invoice.Id,
        };
        invoice = objects.Save(invoice with
        {
            Status = "open",
            Payments = new([new InvoicePayment(
                StripeObjects.NewId("inpay_"), invoice.Id, invoice.Total, AmountPaid: null, "open", new PaymentOfInvoice(intentId))]),
        });
        var answer = TestCards.Find(method.SimulatedToken)!.AtCharge;
        switch (answer)
        {
            case CardAnswer.Approved:
                invoice = Succeed(objects, intent);
                break;
            case CardAnswer.Declined declined:
                Fail(objects, intent, declined.Error);
                break;
            default:
                objects.Save(intent);
                break;
        }
        return (invoice, answer);
    }

    /// <summary>The customer authenticated a payment, or failed to.</summary>
    /// <exception cref="StripeRefusal">It does not wait for that.</exception>
    public static PaymentIntent Authenticate(StripeObjects objects, PaymentIntent intent, bool succeeds)
    {
        if (intent.Status != "requires_action")
            throw StripeRefusal.Invalid("payment_intent_unexpected_state", $"The payment intent is {intent.Status}.");
        if (!succeeds)
            return Fail(objects, intent, AuthenticationFailed);
        var invoice = Succeed(objects, intent);
        var subscription = objects.Get<Subscription>(invoice.Parent.SubscriptionDetails.Subscription);
        if (!subscription.HasEnded)
            objects.Save(subscription with { Status = Subscription.Active });
        return objects.Get<PaymentIntent>(intent.Id);
    }

    /// <summary>An open invoice is no longer asked for.</summary>
    public static Invoice Void(StripeObjects objects, Invoice invoice)
    {
        foreach (var payment in invoice.Payments.Data)
            objects.Save(objects.Get<PaymentIntent>(payment.Payment.PaymentIntent) with { Status = "canceled" });
        return objects.Save(invoice with
        {
            Status = "void",
            Payments = new([.. invoice.Payments.Data.Select(payment => payment with { Status = "canceled" })]),
        });
    }

    private static Invoice Succeed(StripeObjects objects, PaymentIntent intent)
    {
        var charge = SaveCharge(objects, intent, "succeeded");
        objects.Save(intent with { Status = "succeeded", LatestCharge = charge.Id, LastPaymentError = null });
        var invoice = objects.Get<Invoice>(intent.SimulatedInvoice);
        return objects.Save(invoice with
        {
            Status = "paid",
            Payments = new([.. invoice.Payments.Data
                .Select(payment => payment with { Status = "paid", AmountPaid = payment.AmountRequested })]),
        });
    }

    private static PaymentIntent Fail(StripeObjects objects, PaymentIntent intent, StripeError error)
    {
        var charge = SaveCharge(objects, intent, "failed");
        return objects.Save(intent with
        {
            Status = "requires_payment_method",
            PaymentMethod = null,
            LatestCharge = charge.Id,
            LastPaymentError = error,
        });
    }

    private static Charge SaveCharge(StripeObjects objects, PaymentIntent intent, string status) => objects.Save(new Charge
    {
        Id = StripeObjects.NewId(Simulators.Stripe.Charge.Prefix),
        Created = objects.Now,
        Customer = intent.Customer,
        PaymentIntent = intent.Id,
        PaymentMethod = intent.PaymentMethod,
        Amount = intent.Amount,
        Status = status,
    });
}

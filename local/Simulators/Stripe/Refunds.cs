namespace Hexabase.Local.Simulators.Stripe;

/// <summary>Payments given back.</summary>
internal static class Refunds
{
    public static StripeReply Create(StripeCall call)
    {
        var (asked, objects) = (call.Parameters, call.Objects);
        var intent = objects.Get<PaymentIntent>(asked.RequiredText("payment_intent"), "payment_intent");
        if (intent is not { Status: "succeeded", LatestCharge: { } chargeId })
            throw StripeRefusal.Invalid(null, $"This PaymentIntent ({intent.Id}) does not have a successful charge to refund.", "payment_intent");
        var charge = objects.Get<Charge>(chargeId);
        var rest = charge.Amount - charge.AmountRefunded;
        if (rest == 0)
            throw StripeRefusal.Invalid("charge_already_refunded", $"Charge {charge.Id} has already been refunded.");
        var amount = asked.Count("amount") ?? rest;
        if (amount > rest)
            throw StripeRefusal.Invalid(null, $"Refund amount (¥{amount}) is greater than unrefunded amount on charge (¥{rest}).", "amount");
        objects.Save(charge with { AmountRefunded = charge.AmountRefunded + amount });
        return call.Answer(objects.Save(new Refund
        {
            Id = StripeObjects.NewId(Refund.Prefix),
            Created = objects.Now,
            Charge = charge.Id,
            PaymentIntent = intent.Id,
            Amount = amount,
            Reason = asked.Text("reason"),
            Metadata = asked.Metadata(),
        }));
    }
}

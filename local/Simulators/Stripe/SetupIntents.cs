namespace Hexabase.Local.Simulators.Stripe;

/// <summary>Setup intents: a payment method becomes usable while the customer is away.</summary>
internal static class SetupIntents
{
    private static readonly StripeError AuthenticationFailed = StripeError.Card(
        "setup_intent_authentication_failure", "The provided payment method has failed authentication.");

    /// <summary>Creates and confirms one; a declined one stays, and is answered with 402.</summary>
    public static StripeReply Create(StripeCall call)
    {
        var (asked, objects) = (call.Parameters, call.Objects);
        var customer = objects.Get<Customer>(asked.RequiredText("customer"), "customer");
        var method = MethodFor(objects, customer, asked.RequiredText("payment_method"));
        asked.Word("usage", "off_session", "off_session", "on_session");
        if (asked.Flag("confirm") != true)
            throw StripeRefusal.NotSimulated("setup intents that are confirmed later", "confirm");
        var automatic = asked.Inner("automatic_payment_methods");
        automatic?.Flag("enabled");
        automatic?.Word("allow_redirects", "always", "always", "never");

        var id = StripeObjects.NewId(SetupIntent.Prefix);
        var intent = new SetupIntent
        {
            Id = id,
            Created = objects.Now,
            Customer = customer.Id,
            PaymentMethod = null,
            Status = "requires_payment_method",
            Usage = "off_session",
            ClientSecret = StripeObjects.NewSecret(id),
            Metadata = asked.Metadata(),
        };
        switch (TestCards.Find(method.SimulatedToken)!.AtSetup)
        {
            case CardAnswer.Approved:
                return call.Answer(Succeed(objects, intent, method));
            case CardAnswer.Authenticate:
                objects.Save(method);
                return call.Answer(objects.Save(intent with
                {
                    Status = "requires_action",
                    PaymentMethod = method.Id,
                    SimulatedCandidate = method.Id,
                }));
            case CardAnswer.Declined declined:
                intent = objects.Save(intent with { LastSetupError = declined.Error });
                return StripeReply.Error(
                    StatusCodes.Status402PaymentRequired, declined.Error, ("setup_intent", StripeRendering.Render(intent, [], objects)));
            case var answer:
                throw new InvalidOperationException($"A card cannot answer {answer}.");
        }
    }

    /// <summary>The customer authenticated a setup, or failed to.</summary>
    /// <exception cref="StripeRefusal">It does not wait for that.</exception>
    public static SetupIntent Authenticate(StripeObjects objects, SetupIntent intent, bool succeeds)
    {
        if (intent is not { Status: "requires_action", SimulatedCandidate: { } candidate })
            throw StripeRefusal.Invalid("setup_intent_unexpected_state", $"The setup intent is {intent.Status}.");
        return succeeds
            ? Succeed(objects, intent, objects.Get<PaymentMethod>(candidate))
            : objects.Save(intent with { Status = "requires_payment_method", PaymentMethod = null, LastSetupError = AuthenticationFailed });
    }

    private static SetupIntent Succeed(StripeObjects objects, SetupIntent intent, PaymentMethod method)
    {
        objects.Save(method with { Customer = intent.Customer });
        return objects.Save(intent with { Status = "succeeded", PaymentMethod = method.Id });
    }

    /// <summary>A test card makes a new method each time; one of the customer's own may be set up again.</summary>
    private static PaymentMethod MethodFor(StripeObjects objects, Customer customer, string idOrToken)
    {
        if (TestCards.Find(idOrToken) is not { } card)
            return Customers.MethodOf(objects, customer.Id, idOrToken, "payment_method");
        return new PaymentMethod
        {
            Id = StripeObjects.NewId(PaymentMethod.Prefix),
            Created = objects.Now,
            Customer = null,
            Card = new CardFace(card.Brand, card.Last4, ExpMonth: 12, ExpYear: 2040),
            SimulatedToken = card.Token,
        };
    }
}

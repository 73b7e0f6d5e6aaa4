namespace Hexabase.Local.Simulators.Stripe;

/// <summary>Customers and their payment methods.</summary>
internal static class Customers
{
    public static StripeReply Create(StripeCall call)
    {
        var asked = call.Parameters;
        return call.Answer(call.Objects.Save(new Customer
        {
            Id = StripeObjects.NewId(Customer.Prefix),
            Created = call.Objects.Now,
            Email = asked.Text("email"),
            Name = asked.Text("name"),
            Metadata = asked.Metadata(),
        }));
    }

    public static StripeReply Update(StripeCall call)
    {
        var (asked, present) = (call.Parameters, call.Objects.Get<Customer>(call.Id));
        var method = asked.Inner("invoice_settings")?.Text("default_payment_method");
        if (method is not null)
            MethodOf(call.Objects, present.Id, method, "invoice_settings[default_payment_method]");
        return call.Answer(call.Objects.Save(present with
        {
            Email = asked.Text("email") ?? present.Email,
            Name = asked.Text("name") ?? present.Name,
            InvoiceSettings = method is null ? present.InvoiceSettings : new InvoiceSettings(method),
            Metadata = asked.Metadata(present.Metadata),
        }));
    }

    /// <summary>A payment method of a customer.</summary>
    /// <exception cref="StripeRefusal">The customer has none of this id.</exception>
    public static PaymentMethod MethodOf(StripeObjects objects, string customerId, string methodId, string param)
    {
        var method = objects.Get<PaymentMethod>(methodId, param);
        return method.Customer == customerId
            ? method
            : throw StripeRefusal.Invalid("resource_missing", "The customer does not have a payment method with this id.", param);
    }
}

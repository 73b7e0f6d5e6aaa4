namespace Hexabase.Local.Simulators.Stripe;

/// <summary>Prices in whole yen.</summary>
internal static class Prices
{
    public static StripeReply Create(StripeCall call)
    {
        var (asked, objects) = (call.Parameters, call.Objects);
        asked.Word("currency", "", "jpy");
        var lookupKey = asked.Text("lookup_key");
        if (lookupKey is not null && objects.List<Price>(lookupKey) is [var other, ..])
            throw StripeRefusal.Invalid(null, $"A price (`{other.Id}`) already uses that lookup key.", "lookup_key");
        var product = asked.Inner("product_data") ?? throw StripeRefusal.NotSimulated("prices without product_data", "product_data");
        return call.Answer(objects.Save(new Price
        {
            Id = StripeObjects.NewId(Price.Prefix),
            Created = objects.Now,
            Currency = "jpy",
            Product = objects.Save(new Product
            {
                Id = StripeObjects.NewId(Product.Prefix),
                Created = objects.Now,
                Name = product.RequiredText("name"),
            }).Id,
            UnitAmount = asked.Count("unit_amount") ?? throw StripeRefusal.Invalid("parameter_missing", "Missing required param: unit_amount.", "unit_amount"),
            LookupKey = lookupKey,
            TaxBehavior = asked.Word("tax_behavior", "unspecified", "unspecified", "exclusive", "inclusive"),
            Recurring = asked.Inner("recurring") is { } recurring
                ? new Recurring(recurring.Word("interval", "", "month", "year"), checked((int)(recurring.Count("interval_count") ?? 1)))
                : null,
        }));
    }

    public static StripeReply List(StripeCall call)
    {
        var keys = call.Parameters.Texts("lookup_keys");
        var active = call.Parameters.Flag("active") ?? true;
        return call.AnswerList(call.Objects.List<Price>()
            .Where(price => price.Active == active && (keys.Count == 0 || keys.Contains(price.LookupKey, StringComparer.Ordinal))));
    }
}

using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;

namespace Hexabase.Adapters.Stripe;

/// <summary>
/// Our prices as Stripe has them, found by lookup key and made when they are not there. An amount in Stripe is never changed: a new amount
/// is a new price that takes over the lookup key, and who has the old one keeps it (product rule 8).
/// </summary>
internal sealed class StripePrices(StripeClient stripe)
{
    private const string Currency = "jpy";

    /// <summary>Stripe's id of a price.</summary>
    /// <exception cref="PaymentsException">Under this name Stripe has a price of another amount or interval.</exception>
    public async Task<string> Resolve(Price price, CancellationToken ct)
    {
        var answer = await stripe.PostOnce("v1/prices", $"price:{price.Id}:{price.Jpy}:{price.Interval}", "create", Look, ct);
        return Checked(answer.Require(), price).Text("id");

        async Task<(StripeObject?, StripeForm?)> Look()
        {
            StripeForm query = new() { { "lookup_keys", [price.Id] }, { "active", true } };
            return (await stripe.List("v1/prices", query, ct) is [var found, ..] ? found : null, FormOf(price));
        }
    }

    private static StripeForm FormOf(Price price)
    {
        var form = new StripeForm
        {
            { "currency", Currency },
            { "unit_amount", price.Jpy },
            { "lookup_key", price.Id },
            { "tax_behavior", "exclusive" }, // Plans say "tax extra".
            { "product_data", new StripeForm { { "name", price.Id } } },
        };
        if (IntervalOf(price) is var (interval, count))
            form.Add("recurring", new StripeForm { { "interval", interval }, { "interval_count", count } });
        return form;
    }

    private static StripeObject Checked(StripeObject found, Price price)
    {
        var recurring = found.ObjectOrNull("recurring");
        (string, int)? interval = recurring is null ? null : (recurring.Text("interval"), checked((int)recurring.Whole("interval_count")));
        if (found.Text("currency") == Currency && found.WholeOrNull("unit_amount") == price.Jpy && interval == IntervalOf(price))
            return found;
        throw new PaymentsException(
            $"Stripe's price {found.Text("id")} with lookup key {price.Id} is {found.WholeOrNull("unit_amount")} {found.Text("currency")} "
            + $"per {interval?.ToString() ?? "purchase"}, plans.json says {price.Jpy} {Currency} per {price.Interval}.");
    }

    private static (string Interval, int Count)? IntervalOf(Price price) => price.Interval switch
    {
        PriceInterval.Month => ("month", 1),
        PriceInterval.Quarter => ("month", 3),
        PriceInterval.Year => ("year", 1),
        _ => null,
    };
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>
/// An object of the simulated Stripe as it is stored and, less what <see cref="StripeRendering"/> hides, as it is answered: field names and
/// meanings are Stripe's (stripe-rest.md, section 3), amounts whole yen, times Unix seconds.
/// </summary>
internal abstract record Stored
{
    public required string Id { get; init; }

    public abstract string Object { get; }

    public required long Created { get; init; }

    public bool Livemode { get; }

    /// <summary>What lists of its kind are asked by.</summary>
    [JsonIgnore]
    public virtual string? Owner => null;

    /// <summary>When it changes by itself.</summary>
    [JsonIgnore]
    public virtual long? DueAt => null;
}

/// <summary>What each kind of object is called.</summary>
internal interface IKind
{
    /// <summary>Of its ids.</summary>
    static abstract string Prefix { get; }
}

internal sealed record Customer : Stored, IKind
{
    public static string Prefix => "cus_";

    public override string Object => "customer";

    public required string? Email { get; init; }

    public required string? Name { get; init; }

    public InvoiceSettings InvoiceSettings { get; init; } = new(null);

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}

internal sealed record InvoiceSettings(string? DefaultPaymentMethod);

internal sealed record PaymentMethod : Stored, IKind
{
    public static string Prefix => "pm_";

    public override string Object => "payment_method";

    public override string? Owner => Customer;

    public required string? Customer { get; init; }

    public string Type { get; } = "card";

    public required CardFace Card { get; init; }

    /// <summary>The token it was made from, which says how it behaves.</summary>
    public required string SimulatedToken { get; init; }

    /// <summary>Its fault has happened; it happens once.</summary>
    public bool SimulatedFaultOver { get; init; }
}

internal sealed record CardFace(string Brand, string Last4, int ExpMonth, int ExpYear);

internal sealed record SetupIntent : Stored, IKind
{
    public static string Prefix => "seti_";

    public override string Object => "setup_intent";

    public override string? Owner => Customer;

    public required string Customer { get; init; }

    public required string? PaymentMethod { get; init; }

    public required string Status { get; init; }

    public required string Usage { get; init; }

    public required string ClientSecret { get; init; }

    public StripeError? LastSetupError { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>The method that is to be authenticated.</summary>
    public string? SimulatedCandidate { get; init; }
}

internal sealed record Product : Stored, IKind
{
    public static string Prefix => "prod_";

    public override string Object => "product";

    public required string Name { get; init; }
}

internal sealed record Price : Stored, IKind
{
    public static string Prefix => "price_";

    public override string Object => "price";

    public override string? Owner => LookupKey;

    public bool Active { get; } = true;

    public required string Currency { get; init; }

    public required string Product { get; init; }

    public required long UnitAmount { get; init; }

    public required string? LookupKey { get; init; }

    public required string TaxBehavior { get; init; }

    public required Recurring? Recurring { get; init; }
}

internal sealed record Recurring(string Interval, int IntervalCount)
{
    public string UsageType { get; } = "licensed";

    [JsonIgnore]
    public int Months => IntervalCount * (Interval == "year" ? 12 : 1);
}

internal sealed record Subscription : Stored, IKind
{
    public const string Incomplete = "incomplete";
    public const string Active = "active";
    public const string Canceled = "canceled";

    private static readonly long FirstPaymentWithin = (long)TimeSpan.FromHours(23).TotalSeconds;

    public static string Prefix => "sub_";

    public override string Object => "subscription";

    public override string? Owner => Customer;

    public override long? DueAt => Status switch
    {
        Active => PeriodEnd,
        Incomplete => Created + FirstPaymentWithin,
        _ => null,
    };

    public required string Customer { get; init; }

    public required string Status { get; init; }

    public string Currency { get; } = "jpy";

    public required StripeList<SubscriptionItem> Items { get; init; }

    public required string DefaultPaymentMethod { get; init; }

    public string? LatestInvoice { get; init; }

    public long StartDate => Created;

    public bool CancelAtPeriodEnd { get; init; }

    public long? CancelAt => CancelAtPeriodEnd ? PeriodEnd : null;

    public long? CanceledAt { get; init; }

    public long? EndedAt { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    [JsonIgnore]
    public bool HasEnded => Status is Canceled or "incomplete_expired";

    [JsonIgnore]
    public long PeriodStart => Items.Data[0].CurrentPeriodStart;

    [JsonIgnore]
    public long PeriodEnd => Items.Data[0].CurrentPeriodEnd;

    /// <summary>All of its items.</summary>
    public Subscription With(IReadOnlyList<SubscriptionItem> items) => this with { Items = Items with { Data = items } };
}

internal sealed record SubscriptionItem(
    string Id, Price Price, long Quantity, long CurrentPeriodStart, long CurrentPeriodEnd, IReadOnlyDictionary<string, string> Metadata)
{
    public string Object { get; } = "subscription_item";

    [JsonIgnore]
    public long Amount => Price.UnitAmount * Quantity;
}

internal sealed record Invoice : Stored, IKind
{
    public static string Prefix => "in_";

    public override string Object => "invoice";

    public override string? Owner => Customer;

    public required string Customer { get; init; }

    public required string Status { get; init; }

    public required string BillingReason { get; init; }

    public string Currency { get; } = "jpy";

    public long Subtotal => Total;

    public required long Total { get; init; }

    public long AmountDue => Total;

    public long AmountPaid => Status == "paid" ? Total : 0;

    public long AmountRemaining => AmountDue - AmountPaid;

    public required InvoiceParent Parent { get; init; }

    public required StripeList<InvoiceLine> Lines { get; init; }

    public StripeList<InvoicePayment> Payments { get; init; } = new([]);
}

internal sealed record InvoiceParent(InvoiceSubscription SubscriptionDetails)
{
    public string Type { get; } = "subscription_details";
}

internal sealed record InvoiceSubscription(string Subscription, IReadOnlyDictionary<string, string> Metadata);

internal sealed record InvoiceLine(string Id, long Amount, long Quantity, string Description, LinePeriod Period)
{
    public string Object { get; } = "line_item";

    public string Currency { get; } = "jpy";
}

internal sealed record LinePeriod(long Start, long End);

internal sealed record InvoicePayment(string Id, string Invoice, long AmountRequested, long? AmountPaid, string Status, PaymentOfInvoice Payment)
{
    public string Object { get; } = "invoice_payment";

    public bool IsDefault { get; } = true;
}

internal sealed record PaymentOfInvoice(string PaymentIntent)
{
    public string Type { get; } = "payment_intent";
}

internal sealed record PaymentIntent : Stored, IKind
{
    public static string Prefix => "pi_";

    public override string Object => "payment_intent";

    public override string? Owner => Customer;

    public required string Customer { get; init; }

    public required long Amount { get; init; }

    public long AmountReceived => Status == "succeeded" ? Amount : 0;

    public string Currency { get; } = "jpy";

    public required string Status { get; init; }

    public required string? PaymentMethod { get; init; }

    public required string ClientSecret { get; init; }

    public StripeError? LastPaymentError { get; init; }

    public string? LatestCharge { get; init; }

    /// <summary>What it pays.</summary>
    public required string SimulatedInvoice { get; init; }
}

internal sealed record Charge : Stored, IKind
{
    public static string Prefix => "ch_";

    public override string Object => "charge";

    public override string? Owner => Customer;

    public required string Customer { get; init; }

    public required string PaymentIntent { get; init; }

    public required string? PaymentMethod { get; init; }

    public required long Amount { get; init; }

    public long AmountRefunded { get; init; }

    public bool Refunded => AmountRefunded == Amount;

    public string Currency { get; } = "jpy";

    public bool Paid => Status == "succeeded";

    /// <summary><c>succeeded</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }
}

internal sealed record Refund : Stored, IKind
{
    public static string Prefix => "re_";

    public override string Object => "refund";

    public override string? Owner => PaymentIntent;

    public required string Charge { get; init; }

    public required string PaymentIntent { get; init; }

    public required long Amount { get; init; }

    public string Currency { get; } = "jpy";

    public string Status { get; } = "succeeded";

    public required string? Reason { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}

/// <summary>A list inside an object, or the answer to a question for many.</summary>
internal sealed record StripeList<T>(IReadOnlyList<T> Data, bool HasMore = false, string Url = "")
{
    public string Object { get; } = "list";
}

/// <summary>How the simulator writes JSON: as Stripe does, nulls included.</summary>
internal static class StripeJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}

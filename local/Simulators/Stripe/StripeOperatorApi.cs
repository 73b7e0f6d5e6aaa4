using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hexabase.Local.Http;
using Hexabase.Sqlite;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>
/// What stands beside the simulated Stripe, <c>/admin/simulators/stripe</c>: its state, the customer who authenticates, faults and the clock.
/// JSON in snake_case, problem+json for what is refused.
/// </summary>
internal sealed class StripeOperatorApi(SqliteDatabase database, StripeApi api, StripeClock clock, StripeFaults faults)
{
    private const int MostTimes = 1_000;
    private const int LongestDelayMs = 120_000;
    private const long FurthestAdvance = 10L * 366 * 24 * 60 * 60;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        var admin = routes.MapAdmin().MapGroup("/simulators/stripe");
        admin.MapGet("/customers", ListCustomers);
        admin.MapGet("/customers/{id}", ShowCustomer);
        admin.MapPost("/authenticate", Authenticate);
        admin.MapGet("/faults", () => Results.Json(new { faults = faults.List() }, Json));
        admin.MapPost("/faults", AddFault);
        admin.MapDelete("/faults", ClearFaults);
        admin.MapGet("/clock", () => Results.Json(new { now = DateTimeOffset.FromUnixTimeSeconds(clock.Now) }, Json));
        admin.MapPost("/clock", AdvanceClock);
    }

    private async Task<IResult> ListCustomers(string? account, CancellationToken ct)
    {
        await api.Settle(ct);
        return Look(objects => Results.Json(new
        {
            customers = objects.List<Customer>()
                .Where(customer => account is null || customer.Metadata.GetValueOrDefault("account") == account)
                .Select(customer => TotalsOf(objects, customer)),
        }, Json));
    }

    private async Task<IResult> ShowCustomer(HttpContext http, string id, CancellationToken ct)
    {
        await api.Settle(ct);
        return Look(objects => objects.Find<Customer>(id) is { } customer
            ? Results.Json(new
            {
                totals = TotalsOf(objects, customer),
                customer,
                payment_methods = objects.List<PaymentMethod>(id),
                setup_intents = objects.List<SetupIntent>(id),
                subscriptions = objects.List<Subscription>(id),
                invoices = objects.List<Invoice>(id),
                charges = objects.List<Charge>(id),
                refunds = objects.List<PaymentIntent>(id).SelectMany(intent => objects.List<Refund>(intent.Id)),
            }, StripeJson.Options)
            : PlatformProblem.Of(http, StatusCodes.Status404NotFound, "NOT_FOUND", $"There is no customer {id}."));
    }

    private async Task<IResult> Authenticate(HttpContext http, AuthenticateBody body, CancellationToken ct)
    {
        if (body is not { ClientSecret: { Length: > 0 } secret, Outcome: "succeed" or "fail" })
            return Bad(http, "client_secret and outcome (succeed or fail) are required.");
        await api.Settle(ct);
        var id = secret.Split("_secret_")[0];
        try
        {
            return Results.Json(await database.Write(session => Decide(new StripeObjects(session, clock.Now)), ct), Json);
        }
        catch (StripeRefusal refusal)
        {
            return Bad(http, refusal.Message);
        }

        object Decide(StripeObjects objects)
        {
            var succeeds = body.Outcome == "succeed";
            if (objects.Find<SetupIntent>(id) is { } setup && setup.ClientSecret == secret)
                return new { setup.Id, SetupIntents.Authenticate(objects, setup, succeeds).Status };
            if (objects.Find<PaymentIntent>(id) is { } payment && payment.ClientSecret == secret)
                return new { payment.Id, Invoices.Authenticate(objects, payment, succeeds).Status };
            throw StripeRefusal.Missing("intent", id, "client_secret");
        }
    }

    private async Task<IResult> AddFault(HttpContext http, FaultBody body, CancellationToken ct)
    {
        if (body is not { Match: { Length: > 0 and <= 200 } match, Kind: { } kind })
            return Bad(http, "match (method and path) and kind are required.");
        if (body.Times is < 1 or > MostTimes || body.DelayMs is < 0 or > LongestDelayMs)
            return Bad(http, $"times is 1 to {MostTimes}, delay_ms up to {LongestDelayMs}.");
        await faults.Add(new Fault(match, kind, body.Times, body.DelayMs), ct);
        return Results.NoContent();
    }

    private async Task<IResult> ClearFaults(CancellationToken ct)
    {
        await faults.Clear(ct);
        return Results.NoContent();
    }

    private async Task<IResult> AdvanceClock(HttpContext http, ClockBody body, CancellationToken ct)
    {
        if (body.AdvanceSeconds is < 1 or > FurthestAdvance)
            return Bad(http, $"advance_seconds is 1 to {FurthestAdvance}.");
        await clock.Advance(body.AdvanceSeconds, ct);
        return Results.NoContent();
    }

    private IResult Look(Func<StripeObjects, IResult> look) => database.Read(session => look(new StripeObjects(session, clock.Now)));

    private static CustomerTotals TotalsOf(StripeObjects objects, Customer customer)
    {
        var charges = objects.List<Charge>(customer.Id).Where(charge => charge.Paid).ToList();
        return new CustomerTotals(
            customer.Id,
            customer.Metadata.GetValueOrDefault("account"),
            charges.Count,
            charges.Sum(charge => charge.Amount),
            charges.Sum(charge => charge.AmountRefunded),
            objects.List<Subscription>(customer.Id).Count(subscription => !subscription.HasEnded));
    }

    private static ProblemHttpResult Bad(HttpContext http, string detail) => PlatformProblem.Of(http, StatusCodes.Status400BadRequest, "BAD_REQUEST", detail);

    /// <param name="Charges">Those that succeeded.</param>
    /// <param name="Subscriptions">Those that have not ended.</param>
    private sealed record CustomerTotals(string Id, string? Account, int Charges, long ChargedJpy, long RefundedJpy, int Subscriptions);

    private sealed record AuthenticateBody(
        [property: JsonPropertyName("client_secret")] string? ClientSecret, [property: JsonPropertyName("outcome")] string? Outcome);

    private sealed record FaultBody(
        [property: JsonPropertyName("match")] string? Match,
        [property: JsonPropertyName("kind")] FaultKind? Kind,
        [property: JsonPropertyName("times")] int Times = 1,
        [property: JsonPropertyName("delay_ms")] int DelayMs = 0);

    private sealed record ClockBody([property: JsonPropertyName("advance_seconds")] long AdvanceSeconds);
}

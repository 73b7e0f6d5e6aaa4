using Hexabase.Sqlite;

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>
/// Stripe on this machine: the part of its HTTP API that the app uses, with test cards and faults, and its state in the platform's file.
/// </summary>
public static class StripeSimulator
{
    /// <summary>
    /// The host must also have a <see cref="SqliteDatabase"/> opened with <see cref="StripeSchema.Sql"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    /// <param name="secretKey">The only one it takes.</param>
    public static IServiceCollection AddStripeSimulator(this IServiceCollection services, string secretKey) => services
        .AddSingleton<StripeClock>()
        .AddSingleton<StripeFaults>()
        .AddSingleton<StripeOperatorApi>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<StripeApi>(provider, secretKey));

    /// <summary>Maps <c>/simulators/stripe/v1</c> and <c>/admin/simulators/stripe</c>.</summary>
    public static IEndpointRouteBuilder MapStripeSimulator(this IEndpointRouteBuilder routes)
    {
        var api = routes.ServiceProvider.GetRequiredService<StripeApi>();
        var v1 = routes.MapGroup($"{StripeApi.Base}/v1");

        MapReads<Customer>("customers", call => call.AnswerList(call.Objects.List<Customer>()));
        MapChange("customers", Customers.Create);
        MapChange("customers/{id}", Customers.Update);
        MapReads<PaymentMethod>("payment_methods", OfCustomer<PaymentMethod>);
        MapReads<SetupIntent>("setup_intents", OfCustomer<SetupIntent>);
        MapChange("setup_intents", SetupIntents.Create);
        MapReads<Price>("prices", Prices.List);
        MapChange("prices", Prices.Create);
        MapReads<Subscription>("subscriptions", Subscriptions.List);
        MapChange("subscriptions", Subscriptions.Create);
        MapChange("subscriptions/{id}", Subscriptions.Update);
        v1.MapDelete("subscriptions/{id}", http => api.Change(http, Subscriptions.Delete));
        MapReads<Invoice>("invoices", Invoices.List);
        MapChange("invoices/{id}/void", Invoices.Void);
        MapReads<PaymentIntent>("payment_intents", OfCustomer<PaymentIntent>);
        MapReads<Charge>("charges", OfCustomer<Charge>);
        MapReads<Refund>("refunds", call => call.AnswerList(call.Objects.List<Refund>(call.Parameters.Text("payment_intent"))));
        MapChange("refunds", Refunds.Create);
        v1.Map("{**path}", api.NotFound);

        routes.ServiceProvider.GetRequiredService<StripeOperatorApi>().Map(routes);
        return routes;

        void MapReads<T>(string collection, Func<StripeCall, StripeReply> list) where T : Stored, IKind
        {
            v1.MapGet($"{collection}/{{id}}", http => api.Read(http, call => call.Answer(call.Objects.Get<T>(call.Id))));
            v1.MapGet(collection, http => api.Read(http, list));
        }

        void MapChange(string path, Func<StripeCall, StripeReply> operation) => v1.MapPost(path, http => api.Change(http, operation));

        static StripeReply OfCustomer<T>(StripeCall call) where T : Stored, IKind =>
            call.AnswerList(call.Objects.List<T>(call.Parameters.Text("customer")));
    }
}

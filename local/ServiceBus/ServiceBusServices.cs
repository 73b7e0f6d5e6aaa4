namespace Hexabase.Local.ServiceBus;

/// <summary>How the local Service Bus joins a host.</summary>
public static class ServiceBusServices
{
    /// <summary>
    /// Adds the broker and its delivery. The host must also have a <see cref="Sqlite.SqliteDatabase"/> opened with
    /// <see cref="ServiceBusSchema.Sql"/>, an <see cref="Functions.IFunctionApp"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddServiceBus(this IServiceCollection services, ServiceBusSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<ServiceBusBroker>()
        .AddSingleton<SendApi>()
        .AddSingleton<DeadLetterApi>()
        .AddHostedService(provider => provider.GetRequiredService<ServiceBusBroker>());

    /// <summary>Maps <c>POST /{queue}/messages</c> and <c>/admin/servicebus</c>.</summary>
    public static IEndpointRouteBuilder MapServiceBus(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/{queue}/messages", routes.ServiceProvider.GetRequiredService<SendApi>().Post);
        routes.ServiceProvider.GetRequiredService<DeadLetterApi>().Map(routes);
        return routes;
    }
}

using Hexabase.Domain.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>How sending to Service Bus joins an app.</summary>
public static class ServiceBusServices
{
    /// <summary>Adds <see cref="IMessageSender"/> to the namespace that <see cref="ServiceBusConnection.Read"/> found.</summary>
    public static IServiceCollection AddServiceBusSender(this IServiceCollection services, ServiceBusConnection connection) =>
        services.AddSingleton<IMessageSender>(provider =>
            new ServiceBusSender(connection, provider.GetService<TimeProvider>() ?? TimeProvider.System));
}

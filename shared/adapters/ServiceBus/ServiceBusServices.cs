using Hexabase.Domain.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>How sending to Service Bus joins an app.</summary>
public static class ServiceBusServices
{
    /// <summary>Adds <see cref="IMessageSender"/> for the app setting <c>ServiceBus</c>: <see cref="ServiceBusConnection.Read"/>.</summary>
    /// <exception cref="InvalidOperationException">The setting cannot be used.</exception>
    public static IServiceCollection AddServiceBusSender(this IServiceCollection services, IConfiguration configuration)
    {
        var connection = ServiceBusConnection.Read(configuration);
        return services.AddSingleton<IMessageSender>(provider =>
            new ServiceBusSender(connection, provider.GetService<TimeProvider>() ?? TimeProvider.System));
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hexabase.Worker.Durable.Client;

/// <summary>How speaking with orchestrations joins an app.</summary>
public static class DurableTaskClientServices
{
    /// <summary>Adds <see cref="DurableTaskClient"/>.</summary>
    public static IServiceCollection AddDurableTaskClient(this IServiceCollection services, DurableTaskHost host)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<DurableTaskClient>(provider => new HttpDurableTaskClient(
            HttpDurableTaskClient.NewHttpClient(),
            host,
            provider.GetRequiredService<IOptions<DurableTaskOptions>>().Value.Json,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HttpDurableTaskClient>>()));
    }
}

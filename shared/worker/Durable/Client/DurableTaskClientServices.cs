using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hexabase.Worker.Durable.Client;

/// <summary>How speaking with orchestrations joins an app.</summary>
public static class DurableTaskClientServices
{
    /// <summary>
    /// Adds <see cref="DurableTaskClient"/> for the management API at <c>DurableTask:BaseUrl</c> with the key <c>DurableTask:Code</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting is missing or cannot be used.</exception>
    public static IServiceCollection AddDurableTaskClient(this IServiceCollection services, IConfiguration configuration)
    {
        var host = DurableTaskHost.Read(configuration);
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<DurableTaskClient>(provider => new HttpDurableTaskClient(
            HttpDurableTaskClient.NewHttpClient(),
            host,
            provider.GetRequiredService<IOptions<DurableTaskOptions>>().Value.Json,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HttpDurableTaskClient>>()));
    }
}

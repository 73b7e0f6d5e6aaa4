using Hexabase.Domain;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Client;

namespace Hexabase.Functions.Platform;

/// <summary>How orchestrations run and are spoken with.</summary>
public static class OrchestrationsServices
{
    /// <summary>Reads <c>DurableTask:BaseUrl</c> and <c>DurableTask:Code</c>, the durable management API and its key.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or cannot be used.</exception>
    public static IServiceCollection AddOrchestrations(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<DurableTaskOptions>(durable => durable.Json = DomainJson.Options);
        return services.AddDurableTaskClient(configuration);
    }
}

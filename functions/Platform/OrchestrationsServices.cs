using Hexabase.Domain;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Client;

namespace Hexabase.Functions.Platform;

/// <summary>How orchestrations run and are spoken with.</summary>
public static class OrchestrationsServices
{
    public static IServiceCollection AddOrchestrations(this IServiceCollection services, DurableTaskHost host)
    {
        services.Configure<DurableTaskOptions>(durable => durable.Json = DomainJson.Options);
        return services.AddDurableTaskClient(host);
    }
}

using Hexabase.Local.Companions;

namespace Hexabase.Local.Cosmos;

/// <summary>Wires the Cosmos DB account into the platform.</summary>
public static class CosmosModule
{
    public static IServiceCollection AddCosmosAccount(this IServiceCollection services, NpmPackage package, Uri endpoint, string key) => services
        .AddSingleton(s =>
        {
            var platform = s.GetRequiredService<IHostApplicationLifetime>();
            return new CosmosAccount(
                package,
                endpoint,
                key,
                s.GetRequiredService<HttpMessageInvoker>(),
                s.GetRequiredService<PlatformConsole>(),
                s.GetRequiredService<TimeProvider>(),
                platform.StopApplication,
                platform.ApplicationStopping);
        })
        .AddHostedService(s => s.GetRequiredService<CosmosAccount>());
}

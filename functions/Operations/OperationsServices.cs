using Hexabase.Domain;
using Hexabase.Domain.Operations;

namespace Hexabase.Functions.Operations;

/// <summary>What the service promises, how it is kept, and how what waits ends when the app does.</summary>
public static class OperationsServices
{
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddSingleton<SloCounts>()
        .AddSingleton<SloBook>()
        .AddHostedService<SloService>()
        .AddSingleton(provider => new LongPoll(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
}

using Hexabase.Domain.Billing.Payments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Adapters.Stripe;

/// <summary>How payments join an app.</summary>
public static class StripeServices
{
    /// <summary>Adds <see cref="IPayments"/> for the settings that <see cref="StripeSettings.Read"/> reads.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or cannot be used.</exception>
    public static IServiceCollection AddPayments(this IServiceCollection services, IConfiguration configuration)
    {
        var http = StripeClient.NewHttpClient(StripeSettings.Read(configuration));
        return services.AddSingleton<IPayments>(provider => new StripePayments(new StripeClient(
            http,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            Random.Shared.NextDouble,
            provider.GetRequiredService<ILogger<StripePayments>>())));
    }
}

using Hexabase.Domain.Billing.Payments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Adapters.Stripe;

/// <summary>How payments join an app.</summary>
public static class StripeServices
{
    /// <summary>Adds <see cref="IPayments"/>.</summary>
    public static IServiceCollection AddPayments(this IServiceCollection services, StripeSettings settings)
    {
        var http = StripeClient.NewHttpClient(settings);
        return services.AddSingleton<IPayments>(provider => new StripePayments(new StripeClient(
            http,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            Random.Shared.NextDouble,
            provider.GetRequiredService<ILogger<StripePayments>>())));
    }
}

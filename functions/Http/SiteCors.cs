using Hexabase.Domain.Accounts;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Hexabase.Functions.Http;

/// <summary>Cross-origin calls: only from the site's allow-listed origins, with cookies.</summary>
public static class SiteCors
{
    public static IServiceCollection AddSiteCors(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<SiteAddresses>((cors, site) => cors.AddDefaultPolicy(policy => policy
            .SetIsOriginAllowed(site.Allows)
            .AllowCredentials()
            .AllowAnyMethod()
            .WithHeaders("Authorization", "Content-Type", "Content-Encoding", "Idempotency-Key", "If-None-Match", CorrelationId.Header)
            .WithExposedHeaders("ETag", "Location", "Retry-After", CorrelationId.Header)
            .SetPreflightMaxAge(TimeSpan.FromHours(2))));
        return services;
    }
}

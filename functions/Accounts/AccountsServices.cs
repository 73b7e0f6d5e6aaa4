using Hexabase.Adapters.OAuth;
using Hexabase.Adapters.Tokens;
using Hexabase.Domain.Accounts;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hexabase.Functions.Accounts;

/// <summary>Wires sign-in, sessions, access tokens and who may do what.</summary>
public static class AccountsServices
{
    /// <summary>For <c>[Authorize(Policy = …)]</c>: the caller's verified e-mail is in the list <c>Operators</c>.</summary>
    public const string OperatorPolicy = "operator";

    public static IServiceCollection AddAccounts(this IServiceCollection services, AuthSettings settings)
    {
        var site = new SiteAddresses(settings.PublicBaseUrl, settings.AllowedRedirects);
        var keys = settings.Keys;
        var operators = new Operators(settings.Operators);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(site).AddSingleton(keys).AddSingleton(operators);
        services.AddSingleton<IAccessTokens>(s => new JwtAccessTokens(keys, site.Issuer, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ISignInSeal, SignInSeal>().AddSingleton<IResultSigner, ResultSigner>();
        services.AddSingleton(s =>
        {
            var oauth = new OAuthClient(OAuthClient.NewHttpClient(), s.GetRequiredService<TimeProvider>());
            var development = s.GetRequiredService<IHostEnvironment>().IsDevelopment();
            return new IdentityProviders(settings.Providers.Where(p => development || !p.DevelopmentOnly).Select(p => p.Create(oauth)));
        });
        services.AddSingleton<Registration>().AddSingleton<Sessions>();
        services.AddSingleton<StartSignInHandler>().AddSingleton<CompleteSignInHandler>();
        services.AddSingleton<RefreshAccessHandler>().AddSingleton<GetMeHandler>();
        services.AddSingleton<AuthCookies>();

        // Its base class says "was challenged" and the like of every call with a token that is over.
        services.AddLogging(logging => logging.AddFilter(typeof(BearerAuthentication).FullName, LogLevel.Warning));
        services.AddAuthentication(BearerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, configureOptions: null);
        services.AddAuthorizationBuilder().AddPolicy(OperatorPolicy, policy => policy
            .RequireAuthenticatedUser()
            .RequireAssertion(context => operators.Include(context.User.FindFirst("email")?.Value)));
        return services;
    }
}

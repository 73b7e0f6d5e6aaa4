using System.Globalization;
using Hexabase.Local.Functions;
using Hexabase.Local.Settings;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hexabase.Local.Http;

/// <summary>The HTTP-triggered functions as routes of the platform.</summary>
public static class HttpFunctions
{
    public const string TriggerType = "httpTrigger";

    /// <summary>Most bytes of a request's body.</summary>
    private const string BodyLimitSetting = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";
    private const long DefaultBodyLimit = 104_857_600;

    /// <summary>Registers what <see cref="MapHttpFunctions"/> needs, and serves HTTP/1.1 on loopback only.</summary>
    /// <exception cref="CannotStartException">The limit of request bodies is no number.</exception>
    public static IServiceCollection AddHttpFunctions(this IServiceCollection services, int port, AppSettings settings)
    {
        var bodyLimit = BodyLimit(settings);
        services.AddRouting();
        services.AddHttpForwarder();
        services.AddSingleton<FunctionForwarder>();
        services.AddSingleton<FunctionKeys>();
        return services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = bodyLimit;
            kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http1);
        });
    }

    /// <summary>Maps each function by methods and route; whatever fits none is 404, a wrong method too.</summary>
    /// <exception cref="CannotStartException">A route is not valid, or a function has more bindings than the platform can serve.</exception>
    public static void MapHttpFunctions(this IEndpointRouteBuilder routes)
    {
        var folder = routes.ServiceProvider.GetRequiredService<FunctionAppFolder>();
        var forwarder = routes.ServiceProvider.GetRequiredService<FunctionForwarder>();
        var keys = routes.ServiceProvider.GetRequiredService<FunctionKeys>();
        foreach (var function in folder.Functions.Where(f => f.TriggerType == TriggerType && !f.IsDisabled))
        {
            if (function.Bindings.Count(b => b.GetProperty("type").ValueEquals("http")) != 1 || function.Bindings.Count != 2)
                throw new CannotStartException($"{function.Name} has bindings besides httpTrigger and http: such functions cannot be forwarded to.");
            var handle = Handler(forwarder, keys, function.Text("authLevel") ?? "function");
            var pattern = Pattern(folder.Host.RoutePrefix, function);
            if (function.Texts("methods") is { Length: > 0 } methods)
                routes.MapMethods(pattern, methods.Select(m => m.ToUpperInvariant()), handle);
            else
                routes.Map(RoutePatternFactory.Parse(pattern), handle);
        }
        routes.MapFallback("{**path}", PlatformProblem.NotFound);
    }

    private static long BodyLimit(AppSettings settings) => settings[BodyLimitSetting] switch
    {
        null => DefaultBodyLimit,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) => limit,
        var text => throw new CannotStartException($"{BodyLimitSetting} is a number of bytes, not {text}."),
    };

    private static RequestDelegate Handler(FunctionForwarder forwarder, FunctionKeys keys, string level) =>
        level.Equals("anonymous", StringComparison.OrdinalIgnoreCase)
            ? forwarder.Forward
            : context => keys.Admit(context.Request, level)
                ? forwarder.Forward(context)
                : PlatformProblem.Write(context, StatusCodes.Status401Unauthorized, "KEY_REQUIRED", "The function's key is missing or wrong.");

    private static string Pattern(string prefix, FunctionDefinition function)
    {
        var pattern = string.Join('/', new[] { prefix, function.Text("route") ?? function.Name }.Select(p => p.Trim('/')).Where(p => p != ""));
        try
        {
            RoutePatternFactory.Parse(pattern);
            return pattern;
        }
        catch (RoutePatternException e)
        {
            throw new CannotStartException($"{function.Name} has a route that is not valid: {e.Message}", e);
        }
    }
}

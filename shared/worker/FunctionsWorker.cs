using System.Reflection;
using Hexabase.Worker.Discovery;
using Hexabase.Worker.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Hexabase.Worker;

/// <summary>Makes an ASP.NET Core app a custom handler of Azure Functions.</summary>
public static class FunctionsWorker
{
    /// <summary>
    /// Adds the functions of some assemblies and all that running under a Functions host takes. Call it before adding anything else.
    /// </summary>
    /// <exception cref="InvalidFunctionsException">The functions break the rules of the worker.</exception>
    public static WebApplicationBuilder AddFunctionsWorker(this WebApplicationBuilder builder, params Assembly[] functions) =>
        builder.AddFunctionsWorker(FunctionCatalog.Of(functions));

    /// <inheritdoc cref="AddFunctionsWorker(WebApplicationBuilder, Assembly[])"/>
    public static WebApplicationBuilder AddFunctionsWorker(this WebApplicationBuilder builder, FunctionCatalog functions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(new ParentProcess()); // Made now: a parent that dies during start-up counts too.
        builder.Services.AddHostedService<ParentWatch>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(functions);
        builder.Services.AddSingleton<FunctionEndpointDataSource>();
        builder.Services.AddSingleton<IStartupFilter, WorkerPipeline>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = GracefulStop.MostDrainTime);
        builder.Services.AddSingleton<HandlerPort>();
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(services => services.GetRequiredService<HandlerPort>());
        builder.Logging.AddLinesForHost();
        return builder;
    }

    /// <summary>Maps every function. Conventions on the result apply to the HTTP functions.</summary>
    /// <exception cref="InvalidOperationException"><c>AddFunctionsWorker</c> was not called.</exception>
    public static IEndpointConventionBuilder MapFunctions(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var functions = endpoints.ServiceProvider.GetRequiredService<FunctionEndpointDataSource>();
        endpoints.DataSources.Add(functions);
        return functions;
    }

    /// <summary>
    /// Runs until a signal or the end of the host ends the app. The result is the exit code of the process: 1 when there is no port to listen on
    /// or a background service failed, so that the host starts the app again; after 0 it would not.
    /// </summary>
    public static async Task<int> RunFunctionsAsync(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Services.GetRequiredService<HandlerPort>().Problem is { } problem)
        {
            await Console.Error.WriteLineAsync(problem);
            return 1;
        }
        var services = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToArray();
        await GracefulStop.Run(app);
        return Array.Exists(services, service => service.ExecuteTask is { IsFaulted: true }) ? 1 : 0;
    }
}

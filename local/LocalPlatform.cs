using System.Net;
using Hexabase.Local.Companions;
using Hexabase.Local.Cosmos;
using Hexabase.Local.Durable;
using Hexabase.Local.Functions;
using Hexabase.Local.Http;
using Hexabase.Local.Processes;
using Hexabase.Local.ServiceBus;
using Hexabase.Local.Settings;
using Hexabase.Local.Simulators.Kubernetes;
using Hexabase.Local.Simulators.Stripe;
using Hexabase.Local.Timers;
using Hexabase.Sqlite;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Console;

namespace Hexabase.Local;

/// <summary>
/// A function app with all it needs, on one machine: the app as a child process driven by the custom-handler protocol, its HTTP routes,
/// timers, queues and orchestrations, Azurite, a sign-in provider, simulated payments and cluster, and on request a Cosmos DB account.
/// Disposing it stops everything it started.
/// </summary>
public sealed class LocalPlatform : IAsyncDisposable
{
    /// <summary>Of platform.db.</summary>
    internal const int SchemaVersion = 1;

    private static readonly string[] ServedTriggers =
    [
        HttpFunctions.TriggerType,
        TimerFunction.TriggerType,
        "serviceBusTrigger",
        DurableFunctions.OrchestrationTrigger,
        DurableFunctions.ActivityTrigger,
    ];

    private static readonly TimeSpan DrainRequestsFor = TimeSpan.FromSeconds(1);

    private readonly WebApplication web;
    private readonly DataFolder claimed;

    private LocalPlatform(WebApplication web, DataFolder claimed, int port, Uri? cosmos) =>
        (this.web, this.claimed, Address, Cosmos) = (web, claimed, new Uri($"http://localhost:{port}"), cosmos);

    /// <summary>Where the app's HTTP functions are.</summary>
    public Uri Address { get; }

    /// <summary>The Cosmos DB account that holds the app's documents; null when a file does.</summary>
    public Uri? Cosmos { get; }

    /// <summary>Absolute.</summary>
    public string DataFolder => claimed.Location;

    /// <summary>The parts, for who wants to look inside.</summary>
    public IServiceProvider Services => web.Services;

    /// <summary>Cancelled when it stops, which a part of it that failed for good brings about too.</summary>
    public CancellationToken Failed => web.Lifetime.ApplicationStopping;

    /// <summary>Starts everything at once; requests are taken when this returns, and wait until the app answers.</summary>
    /// <exception cref="CannotStartException">Something is missing or taken; nothing is left running.</exception>
    public static async Task<LocalPlatform> Start(LocalOptions options, PlatformConsole console, TimeProvider clock, CancellationToken ct)
    {
        if (options.Port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            throw new CannotStartException($"There is no port {options.Port}: choose one up to {IPEndPoint.MaxPort} with --port.");
        if (options.Companions)
            await NodeRuntime.Require(ct);
        options = options with { Port = options.Port == 0 ? LocalPorts.Free() : options.Port, AppFolder = Path.GetFullPath(options.AppFolder) };
        if (!LocalPorts.IsFree(options.Port))
            throw PortInUse(options.Port, cause: null);

        var data = Local.DataFolder.For(options);
        WebApplication? app = null;
        try
        {
            var ports = await LocalPorts.In(data, options.Port, console, clock, ct);
            var cosmos = options.Store == DocumentsIn.Cosmos
                ? new Uri($"http://localhost:{LocalPorts.Free(options.Port, ports.Blobs, ports.SignIn)}/")
                : null;
            app = Build(options, data, ports, cosmos, console, clock);
            app.MapHttpFunctions();
            app.MapTimers();
            app.MapServiceBus();
            app.MapDurable();
            app.MapStripeSimulator();
            app.MapKubernetesSimulator();
            await app.StartAsync(ct);
            return new LocalPlatform(app, data, options.Port, cosmos);
        }
        catch (Exception e)
        {
            if (app is not null)
                await app.DisposeAsync();
            data.Dispose();
            if (e is IOException { InnerException: AddressInUseException })
                throw PortInUse(options.Port, e);
            throw;
        }
    }

    /// <summary>Completes when the app and the companions answer.</summary>
    /// <exception cref="CannotStartException">The companions could not be installed, or the app ended itself.</exception>
    public async Task WhenUp(CancellationToken ct)
    {
        if (await web.Services.GetRequiredService<FunctionAppProcess>().WhenReady(ct) is null)
            throw new CannotStartException("The function app ended itself before it answered.");
        if (web.Services.GetService<CompanionProcesses>() is { } companions)
            await companions.WhenReady(ct);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await web.StopAsync();
        }
        catch (OperationCanceledException)
        {
            // Requests that did not end in time are cut off.
        }
        finally
        {
            await web.DisposeAsync();
            claimed.Dispose();
        }
    }

    private static WebApplication Build(
        LocalOptions options, DataFolder data, LocalPorts ports, Uri? cosmos, PlatformConsole console, TimeProvider clock)
    {
        var secrets = LocalSecrets.In(data);
        var settings = new AppSettings(
            ProvidedSettings.For(options, data, secrets, ports),
            options.AppFolder,
            Environment.GetEnvironmentVariables(),
            ProvidedSettings.GivenBy(options, data, cosmos));
        var folder = FunctionAppFolder.Read(options.AppFolder, settings);
        foreach (var function in folder.Functions.Where(f => !ServedTriggers.Contains(f.TriggerType, StringComparer.Ordinal)))
            console.Warn($"{function.Name} never runs here: no part of this platform serves a {function.TriggerType}.");

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        ConfigureHost(builder);
        // They stop in the reverse order: what triggers the app before the app, and the app before what it uses.
        if (options.Companions)
            builder.Services.AddCompanions(NpmPackage.Companions(options.NpmFolder, console, clock), data, ports);
        if (cosmos is not null)
            builder.Services.AddCosmosAccount(NpmPackage.CosmosEmulator(options.NpmFolder, console, clock), cosmos, LocalSecrets.CosmosKey(data));
        builder.Services
            .AddSingleton(console)
            .AddSingleton(clock)
            .AddSingleton(secrets)
            .AddSingleton(settings)
            .AddSingleton(folder)
            .AddSingleton(_ => ChildHttp.New())
            .AddSingleton(_ => Open(data.File("platform.db")))
            .AddFunctionApp()
            .AddHttpFunctions(options.Port, settings)
            .AddServiceBus(ServiceBusSettings.Read(folder.Host.Root, LocalSecrets.ServiceBusKeyName, secrets.ServiceBusKey))
            .AddDurable(DurableSettings.Read(folder.Host.Root, LocalSecrets.DurableKey(data)))
            .AddKubernetesSimulator(LocalSecrets.ClusterToken(data))
            .AddStripeSimulator(LocalSecrets.PaymentsKey(data))
            .AddTimers();

        return builder.Build();
    }

    private static SqliteDatabase Open(string file)
    {
        try
        {
            return SqliteDatabase.Open(
                file,
                TimerStatuses.Schema + ServiceBusSchema.Sql + DurableSchema.Sql + StripeSchema.Sql + KubernetesSimulatorModule.Schema,
                SchemaVersion);
        }
        catch (Exception e) when (e is SqliteException or NewerSchemaException)
        {
            throw new CannotStartException($"{file} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Quiet, with no work per request but the routes'; signals are the caller's business.</summary>
    private static void ConfigureHost(WebApplicationBuilder builder)
    {
        builder.Logging
            .ClearProviders()
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddFilter("Microsoft", LogLevel.Error)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None) // else each request gets an Activity
            .AddFilter("Yarp", LogLevel.None);
        builder.Services
            .Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Warning)
            .Configure<HostOptions>(host => host.ShutdownTimeout = DrainRequestsFor)
            .AddSingleton<IHostLifetime, EndsWithItsOwner>();
    }

    private static CannotStartException PortInUse(int port, Exception? cause) =>
        new($"Port {port} is in use: stop what listens there or choose another with --port.", cause);

    private sealed class EndsWithItsOwner : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

using Hexabase.Local.Functions;
using Hexabase.Local.Http;
using Hexabase.Sqlite;

namespace Hexabase.Local.Timers;

/// <summary>The timer-triggered functions of the app.</summary>
public sealed class TimerTriggers : BackgroundService
{
    private readonly Dictionary<string, TimerRunner> runners;
    private readonly CancellationToken platformStops;

    public TimerTriggers(
        IFunctionApp app, SqliteDatabase database, PlatformConsole console, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        platformStops = lifetime.ApplicationStopping;
        var statuses = new TimerStatuses(database);
        runners = app.Functions
            .Where(f => f.TriggerType == TimerFunction.TriggerType && !f.IsDisabled)
            .Select(f => TimerFunction.From(f, clock.GetUtcNow()))
            .ToDictionary(t => t.Name, t => new TimerRunner(t, app, statuses, console, clock), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Null when there is no timer function of that name.</summary>
    public TimerRunner? Find(string function) => runners.GetValueOrDefault(function);

    public override void Dispose()
    {
        base.Dispose();
        foreach (var runner in runners.Values)
            runner.Dispose();
    }

    /// <summary>None of them ends before the platform does: the first that fails ends it.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (runners.Count == 0)
            return;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, platformStops);
        await await Task.WhenAny(runners.Values.Select(r => r.Run(ending.Token)));
    }
}

/// <summary>Wires the timers into the platform.</summary>
public static class TimerModule
{
    public static IServiceCollection AddTimers(this IServiceCollection services) =>
        services.AddSingleton<TimerTriggers>().AddHostedService(s => s.GetRequiredService<TimerTriggers>());

    /// <summary><c>POST /admin/functions/{name}</c>, as Core Tools has it: starts a timer function now and answers 202.</summary>
    public static void MapTimers(this IEndpointRouteBuilder routes) =>
        routes.MapAdmin().MapPost("/functions/{name}", (HttpContext context, string name, TimerTriggers timers, IHostApplicationLifetime lifetime) =>
        {
            if (timers.Find(name) is not { } runner)
                return PlatformProblem.Write(context, StatusCodes.Status404NotFound, "NOT_FOUND", $"There is no timer function {name}.");
            _ = runner.RunNow(lifetime.ApplicationStopping);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        });
}

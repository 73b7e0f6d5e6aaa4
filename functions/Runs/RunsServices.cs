using Hexabase.Domain;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;

namespace Hexabase.Functions.Runs;

/// <summary>Accepting, executing and reading runs; the queue that executes sweeps too.</summary>
public static class RunsServices
{
    /// <summary>
    /// Reads <c>Runs:Slots:{Free,Paid,Priority}</c>, <c>Runs:MostAttempts</c>, <c>Runs:FirstDelay</c>, <c>Runs:Timeout</c>,
    /// <c>Sweeps:Timeout</c> and <c>Sweeps:Threads</c>, which must fit into what host.json allows.
    /// </summary>
    /// <exception cref="InvalidOperationException">They do not.</exception>
    public static IServiceCollection AddRuns(this IServiceCollection services, IConfiguration configuration)
    {
        var slots = Bind(configuration.GetSection("Runs:Slots"), JobSlots.Default);
        var execution = Bind(configuration.GetSection("Runs"), RunExecutionOptions.Default);
        var sweeps = Bind(configuration.GetSection("Sweeps"), SweepExecutionOptions.Default);
        var limits = HostLimits.Read(AppContext.BaseDirectory);
        limits.Check(slots, execution, sweeps);
        services.AddSingleton(limits);
        services.AddSingleton<BatchTimes>();
        services.AddSingleton(slots);
        services.AddSingleton(execution);
        services.AddSingleton(sweeps);
        services.AddSingleton<KeyedLock>();
        services.AddSingleton<IStartRun, StartRunHandler>();
        services.AddSingleton<RunInputs>();
        services.AddSingleton<RunEnding>();
        services.AddSingleton<IJobEnding>(provider => provider.GetRequiredService<RunEnding>());
        services.AddSingleton<JobQueue>();
        services.AddSingleton<ExecuteRunHandler>();
        services.AddSingleton<GetRunHandler>();
        services.AddSingleton<GetRunResultHandler>();
        services.AddSingleton<GetProofHandler>();
        services.AddSingleton<VerifyLimit>();
        services.AddSingleton<VerifyProofHandler>();
        services.AddSingleton<GetReportHandler>();
        services.AddSingleton<BuiltInReports>();
        services.AddSingleton<UnreadableMessages>();
        services.AddSingleton<ResendOutboxHandler>();
        services.AddSingleton<ResendStuckJobsHandler>();
        services.AddSingleton<OutboxSender>();
        services.AddSingleton<IOutbox>(provider => provider.GetRequiredService<OutboxSender>());
        services.AddHostedService<OutboxService>();

        // Each slot may keep a core busy; requests must still find a thread at once.
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, slots.Total + 4 * Environment.ProcessorCount), completions);
        return services;
    }

    private static JobSlots Bind(IConfiguration section, JobSlots defaults) => new(
        section.GetValue("Free", defaults.Free), section.GetValue("Paid", defaults.Paid), section.GetValue("Priority", defaults.Priority));

    private static RunExecutionOptions Bind(IConfiguration section, RunExecutionOptions defaults) => new(
        section.GetValue("MostAttempts", defaults.MostAttempts),
        section.GetValue("FirstDelay", defaults.FirstDelay),
        section.GetValue("Timeout", defaults.Timeout));

    private static SweepExecutionOptions Bind(IConfiguration section, SweepExecutionOptions defaults) =>
        new(section.GetValue("Timeout", defaults.Timeout), section.GetValue("Threads", defaults.Threads));

    private sealed class OutboxService(OutboxSender sender) : BackgroundService
    {
        private static readonly TimeSpan LastSendWithin = TimeSpan.FromSeconds(1.5);

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => sender.Run(stoppingToken);

        /// <summary>Sends what was accepted last; what does not get through in time is sent by <c>ResendOutbox</c>.</summary>
        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            sender.Close();
            if (ExecuteTask is { } sending)
                await Task.WhenAny(sending, Task.Delay(LastSendWithin, CancellationToken.None));
            await base.StopAsync(cancellationToken);
        }
    }
}

using Hexabase.Domain;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;

namespace Hexabase.Functions.Runs;

/// <summary>Accepting, executing and reading runs; the queue that executes sweeps too.</summary>
public static class RunsServices
{
    public static IServiceCollection AddRuns(this IServiceCollection services, RunsSettings settings)
    {
        var (slots, execution, sweeps, limits) = settings;
        services.AddSingleton(limits);
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

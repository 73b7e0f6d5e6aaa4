using Hexabase.Backtesting.Sweeps;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Sweeps;

namespace Hexabase.Functions.Sweeps;

/// <summary>Accepting, executing, cancelling and reading sweeps.</summary>
public static class SweepsServices
{
    public static IServiceCollection AddSweeps(this IServiceCollection services) => services
        .AddSingleton<SweepEngine>(Sweep.Run)
        .AddSingleton<StartSweepHandler>()
        .AddSingleton<SweepEnding>()
        .AddSingleton<IJobEnding>(provider => provider.GetRequiredService<SweepEnding>())
        .AddSingleton<ExecuteSweepHandler>()
        .AddSingleton<CancelSweepHandler>()
        .AddSingleton<GetSweepHandler>()
        .AddSingleton<GetSweepResultHandler>()
        .AddSingleton<ListSweepsHandler>();
}

using Hexabase.Adapters.Settings;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;

namespace Hexabase.Functions.Runs;

/// <summary>Sections <c>Runs</c> and <c>Sweeps</c>, which must fit into what host.json allows.</summary>
public sealed record RunsSettings(JobSlots Slots, RunExecutionOptions Execution, SweepExecutionOptions Sweeps, HostLimits Limits)
{
    /// <param name="limits">Null when host.json has a problem, which ends the start.</param>
    public static RunsSettings Read(SettingsReader settings, HostLimits? limits)
    {
        var runs = settings.Section("Runs");
        var read = new RunsSettings(
            runs.Section("Slots").Bind(JobSlots.Default),
            runs.Bind(RunExecutionOptions.Default),
            settings.Section("Sweeps").Bind(SweepExecutionOptions.Default),
            limits!);
        foreach (var (setting, problem) in limits?.Misfits(read.Slots, read.Execution, read.Sweeps) ?? [])
            settings.Report(setting, problem);
        return read;
    }
}

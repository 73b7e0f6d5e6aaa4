using Hexabase.Adapters.Settings;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;

namespace Hexabase.Functions.Runs;

/// <summary>What host.json allows, as far as runs have to fit in. The host's own environment settings go before the file.</summary>
/// <param name="FunctionTimeout">Longest invocation; the host kills the app after it.</param>
/// <param name="Sessions">Slots that are served at the same time.</param>
public sealed record HostLimits(TimeSpan FunctionTimeout, int Sessions)
{
    /// <summary>What an invocation keeps for recording outcomes and answering once its job has computed.</summary>
    public static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(30);

    /// <exception cref="InvalidSettingsException">There is no host.json in the folder, or a limit cannot be used.</exception>
    public static HostLimits Read(string folder) => SettingsReader.Read(
        Host(folder),
        settings =>
        {
            var queues = settings.Section("extensions", isShared: true).Section("serviceBus");
            return new HostLimits(
                settings.Optional("functionTimeout", SettingKinds.Duration, TimeSpan.FromMinutes(5)),
                queues.Optional("maxConcurrentSessions", SettingKinds.Number, 8));
        });

    /// <summary>The settings that do not fit, and why.</summary>
    public IEnumerable<(string Setting, string Problem)> Misfits(JobSlots slots, RunExecutionOptions execution, SweepExecutionOptions sweeps)
    {
        if (slots.Total > Sessions)
        {
            yield return ("Runs__Slots", $"come to {slots.Total}: expected at most {Sessions}, which is maxConcurrentSessions in host.json, "
                + "or busy slots would wait.");
        }
        if (sweeps.Timeout > FunctionTimeout - ToAnswer)
        {
            yield return ("Sweeps__Timeout", $"is too long: a sweep of {sweeps.Timeout} and {ToAnswer} more do not end within "
                + $"{FunctionTimeout}, which is functionTimeout in host.json.");
        }
        if (execution.Timeout > FunctionTimeout - ToAnswer)
        {
            yield return ("Runs__Timeout", $"is too long: a run of {execution.Timeout} and {ToAnswer} more do not end within "
                + $"{FunctionTimeout}, which is functionTimeout in host.json.");
        }
    }

    private static IConfiguration Host(string folder)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(folder, "host.json"))
                .AddEnvironmentVariables("AzureFunctionsJobHost__")
                .Build();
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidDataException)
        {
            throw new InvalidSettingsException($"host.json beside the app cannot be read: {e.Message}");
        }
    }
}

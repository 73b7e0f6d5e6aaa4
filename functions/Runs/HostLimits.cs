using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;

namespace Hexabase.Functions.Runs;

/// <summary>What host.json allows, as far as runs have to fit in. The host's own environment settings go before the file.</summary>
/// <param name="FunctionTimeout">Longest invocation; the host kills the app after it.</param>
/// <param name="Sessions">Slots that are served at the same time.</param>
/// <param name="MessagesPerBatch">Most messages of one invocation.</param>
public sealed record HostLimits(TimeSpan FunctionTimeout, int Sessions, int MessagesPerBatch)
{
    /// <summary>What an invocation keeps for recording outcomes and answering once its jobs have computed.</summary>
    public static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(30);

    /// <exception cref="InvalidOperationException">There is no host.json.</exception>
    public static HostLimits Read(string folder)
    {
        var path = Path.Combine(folder, "host.json");
        if (!File.Exists(path))
            throw new InvalidOperationException($"There is no {path}.");
        var host = new ConfigurationBuilder().AddJsonFile(path).AddEnvironmentVariables("AzureFunctionsJobHost__").Build();
        var queues = host.GetSection("extensions:serviceBus");
        return new HostLimits(
            host.GetValue("functionTimeout", TimeSpan.FromMinutes(5)),
            queues.GetValue("maxConcurrentSessions", 8),
            queues.GetValue("maxMessageBatchSize", 1_000));
    }

    /// <exception cref="InvalidOperationException">With these settings runs or sweeps do not fit; the message says which to change.</exception>
    public void Check(JobSlots slots, RunExecutionOptions execution, SweepExecutionOptions sweeps)
    {
        if (slots.Free < 1 || slots.Paid < 1 || slots.Priority < 1)
            throw new InvalidOperationException("Runs__Slots__Free, Runs__Slots__Paid and Runs__Slots__Priority must be at least 1.");
        if (slots.Total > Sessions)
        {
            throw new InvalidOperationException(
                $"Runs__Slots come to {slots.Total}, but maxConcurrentSessions in host.json is {Sessions}: busy slots would wait.");
        }
        if (execution.MostAttempts < 1 || execution.FirstDelay <= TimeSpan.Zero || execution.Timeout <= TimeSpan.Zero)
            throw new InvalidOperationException("Runs__MostAttempts, Runs__FirstDelay and Runs__Timeout must be above zero.");
        if (sweeps.Timeout <= TimeSpan.Zero || sweeps.Threads < 1)
            throw new InvalidOperationException("Sweeps__Timeout must be above zero, Sweeps__Threads at least 1.");
        if (sweeps.Timeout > FunctionTimeout - ToAnswer)
        {
            throw new InvalidOperationException(
                $"A sweep of {sweeps.Timeout} (Sweeps__Timeout) and {ToAnswer} more do not end within functionTimeout, {FunctionTimeout}.");
        }
        if (execution.Timeout * MessagesPerBatch > FunctionTimeout - ToAnswer)
        {
            throw new InvalidOperationException(
                $"A batch of {MessagesPerBatch} runs (maxMessageBatchSize in host.json) of {execution.Timeout} each (Runs__Timeout) "
                + $"and {ToAnswer} more do not end within functionTimeout, {FunctionTimeout}.");
        }
    }
}

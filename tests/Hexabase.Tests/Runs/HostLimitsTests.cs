using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;
using Hexabase.Functions.Runs;

namespace Hexabase.Tests.Runs;

public sealed class HostLimitsTests
{
    private static readonly HostLimits Limits = HostLimits.Read(AppContext.BaseDirectory);

    [Fact]
    public void The_defaults_fit_into_host_json() => Limits.Check(JobSlots.Default, RunExecutionOptions.Default, SweepExecutionOptions.Default);

    [Fact]
    public void More_slots_than_the_host_serves_at_once_do_not_start() => Refused("maxConcurrentSessions", slots: new JobSlots(1, 7, 3));

    [Fact]
    public void A_batch_that_may_outlive_its_invocation_does_not_start() =>
        Refused("functionTimeout", execution: RunExecutionOptions.Default with { Timeout = TimeSpan.FromSeconds(60) });

    [Fact]
    public void A_sweep_that_may_outlive_its_invocation_does_not_start() =>
        Refused("Sweeps__Timeout", sweeps: SweepExecutionOptions.Default with { Timeout = Limits.FunctionTimeout });

    [Fact]
    public void Settings_without_sense_do_not_start()
    {
        Refused("Runs__Slots", slots: new JobSlots(0, 6, 3));
        Refused("Runs__MostAttempts", execution: RunExecutionOptions.Default with { MostAttempts = 0 });
        Refused("Runs__FirstDelay", execution: RunExecutionOptions.Default with { FirstDelay = TimeSpan.Zero });
        Refused("Runs__Timeout", execution: RunExecutionOptions.Default with { Timeout = TimeSpan.Zero });
        Refused("Sweeps__Timeout", sweeps: SweepExecutionOptions.Default with { Timeout = TimeSpan.Zero });
        Refused("Sweeps__Threads", sweeps: SweepExecutionOptions.Default with { Threads = 0 });
    }

    private static void Refused(
        string reason, JobSlots? slots = null, RunExecutionOptions? execution = null, SweepExecutionOptions? sweeps = null) => Assert.Contains(
        reason,
        Assert.Throws<InvalidOperationException>(() => Limits.Check(
            slots ?? JobSlots.Default, execution ?? RunExecutionOptions.Default, sweeps ?? SweepExecutionOptions.Default)).Message,
        StringComparison.Ordinal);
}

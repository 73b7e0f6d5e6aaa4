using Hexabase.Adapters.Settings;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;
using Hexabase.Functions.Runs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Runs;

public sealed class HostLimitsTests
{
    private static readonly HostLimits Limits = HostLimits.Read(AppContext.BaseDirectory);

    [Fact]
    public void The_defaults_fit_into_host_json() => Assert.Empty(Misfits());

    [Fact]
    public void More_slots_than_the_host_serves_at_once_do_not_fit() =>
        Assert.Equal(["Runs__Slots"], Misfits(slots: new JobSlots(4, 25, 12)));

    [Fact]
    public void A_run_that_may_outlive_its_invocation_does_not_fit() =>
        Assert.Equal(["Runs__Timeout"], Misfits(execution: RunExecutionOptions.Default with { Timeout = Limits.FunctionTimeout }));

    [Fact]
    public void A_sweep_that_may_outlive_its_invocation_does_not_fit() =>
        Assert.Equal(["Sweeps__Timeout"], Misfits(sweeps: SweepExecutionOptions.Default with { Timeout = Limits.FunctionTimeout }));

    [Theory]
    [InlineData(null)]
    [InlineData("{ no JSON")]
    public void A_host_json_that_cannot_be_read_is_named(string? json)
    {
        using var folder = new TemporaryFolder();
        if (json is not null)
            File.WriteAllText(folder.File("host.json"), json);

        var refusal = Assert.Throws<InvalidSettingsException>(() => HostLimits.Read(folder.Path));

        Assert.StartsWith("host.json ", Assert.Single(refusal.Problems), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Misfits(
        JobSlots? slots = null, RunExecutionOptions? execution = null, SweepExecutionOptions? sweeps = null) =>
        Limits.Misfits(slots ?? JobSlots.Default, execution ?? RunExecutionOptions.Default, sweeps ?? SweepExecutionOptions.Default)
            .Select(misfit => misfit.Setting);
}

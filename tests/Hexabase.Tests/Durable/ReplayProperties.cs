using FsCheck;
using FsCheck.Fluent;
using Hexabase.Tests.Support.Durable;
using Hexabase.Worker.Durable;

namespace Hexabase.Tests.Durable;

/// <summary>Whatever an orchestration does, in whatever order things happen and wherever the process dies: the outcome is the same.</summary>
public sealed class ReplayProperties
{
    private const string Id = "order";

    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(150);
    private static readonly Config Seldom = Config.QuickThrowOnFailure.WithMaxTest(25);
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void The_order_in_which_things_happen_changes_nothing() =>
        Prop.ForAll(ReplayProgram.Any, Seeds, (program, seed) => Play(program, seed)).Check(Often);

    [Fact]
    public void A_crash_after_any_turn_or_activity_changes_nothing() =>
        Prop.ForAll(ReplayProgram.Any, Seeds, async (program, seed) =>
        {
            var work = await Play(program, seed);
            for (var crash = 0; crash < work; crash++)
                await Play(program, seed, crash);
        }).Check(Seldom);

    [Fact]
    public void To_be_suspended_for_a_while_changes_nothing() =>
        Prop.ForAll(ReplayProgram.Any, Seeds, async (program, seed) =>
        {
            var work = await Play(program, seed);
            await Play(program, seed, suspendAfter: seed % work);
        }).Check(Often);

    /// <returns>How many turns and activities it took.</returns>
    private static async Task<int> Play(ReplayProgram program, int seed, int? crashAt = null, int? suspendAfter = null)
    {
        var host = new OrchestrationHost(seed) { CrashAt = crashAt };
        var effects = ReplayProgram.Register(host);
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Program", program.ToInput(), new(Id));
        if (suspendAfter is { } some)
        {
            while (host.Worked < some && await host.WorkOnce())
            {
            }
            await host.Suspend(Id);
            await host.Advance(TimeSpan.FromMinutes(1));
            await host.Resume(Id);
        }
        var ended = await host.Client.WaitForInstanceCompletionAsync(Id, getInputsAndOutputs: true);

        Assert.Equal((OrchestrationRuntimeStatus.Completed, null), (ended.RuntimeStatus, host[Id].Failure));
        Assert.Equal(program.Outcome(Id), host[Id].OutputAs<string[]>());
        Assert.Equal(program.Rounds - 1, host[Id].CustomStatusAs<int>());
        Assert.Equal(
            program.Effects(Id).Order(StringComparer.Ordinal),
            effects.Applied.Select(effect => effect.Key).Order(StringComparer.Ordinal));
        return host.Worked;
    }
}

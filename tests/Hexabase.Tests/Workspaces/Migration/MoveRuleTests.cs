using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Migration;

namespace Hexabase.Tests.Workspaces.Migration;

/// <summary>How one app is moved (product rule 15).</summary>
public sealed class MoveRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly MigrationOptions Options = MigrationOptions.Default;
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(300);
    private static readonly WorkloadMove Three = new("web", Placement.DedicatedNodes, WasSingle: false);
    private static readonly WorkloadMove Single = new("web", Placement.DedicatedNodes, WasSingle: true);
    private static readonly MoveState MovingThree = MoveRule.Begin(Three, Options, App(replicas: 3, ready: 3, at: Placement.SharedPool), Usual, Now);

    [Fact]
    public void A_single_copy_gets_a_second_one_and_waits_for_it_before_it_moves()
    {
        var state = BegunAt(Single, App(replicas: 1, ready: 1, at: Placement.SharedPool));
        Assert.Equal(MoveDeed.AddSecondCopy, Decide(Single, state, App(replicas: 1, ready: 1, at: Placement.SharedPool)).Deed);
        Assert.Equal(MoveDeed.Wait, Decide(Single, state, App(replicas: 2, ready: 1, at: Placement.SharedPool)).Deed);
        Assert.Equal(MoveDeed.Move, Decide(Single, state, App(replicas: 2, ready: 2, at: Placement.SharedPool)).Deed);
    }

    [Fact]
    public void An_app_that_did_not_answer_before_gets_no_second_copy_and_needs_not_answer_after() => Assert.Equal(
        MoveResult.Moved,
        Play(Single with { WasSingle = false }, App(replicas: 1, ready: 0) with { Rollout = RolloutPhase.InProgress }).Result);

    [Fact]
    public void Fewer_copies_than_before_send_the_app_back() =>
        Assert.Equal(MoveDeed.MoveBack, Decide(Three, MovingThree, Rolling(ready: 2)).Deed);

    [Fact]
    public void A_failed_rollout_sends_the_app_back_with_what_the_cluster_says()
    {
        var decision = Decide(Three, MovingThree, Rolling() with { Rollout = RolloutPhase.Failed, FailureMessage = "ImagePullBackOff" });
        Assert.Equal((MoveDeed.MoveBack, "ImagePullBackOff"), (decision.Deed, decision.State.Failure));
    }

    [Theory] // Slow: more than 3 times the usual 300 ms, and more than 500 ms.
    [InlineData(900, MoveDeed.Wait)]
    [InlineData(901, MoveDeed.Pause)]
    public void A_rollout_is_held_when_answers_become_slow(int milliseconds, MoveDeed deed) =>
        Assert.Equal(deed, Decide(Three, MovingThree, Rolling(), Answer(milliseconds)).Deed);

    [Fact]
    public void An_answer_that_fails_holds_the_rollout_too() =>
        Assert.Equal(MoveDeed.Pause, Decide(Three, MovingThree, Rolling(), new Probe(Succeeded: false, TimeSpan.Zero, "502")).Deed);

    [Fact]
    public void Answers_below_half_a_second_are_never_slow()
    {
        var fast = MovingThree with { UsualTime = TimeSpan.FromMilliseconds(5) };
        Assert.Equal(MoveDeed.Wait, Decide(Three, fast, Rolling(), Answer(499)).Deed);
    }

    [Fact]
    public void A_held_rollout_goes_on_when_answers_are_fast_again_and_the_pause_does_not_count()
    {
        var held = MovingThree with { PausedAt = Now };
        var later = Now + TimeSpan.FromMinutes(4);
        var decision = MoveRule.Decide(Three, Options, held, new Sighting(Rolling() with { IsPaused = true }, Answer(20)), later);
        Assert.Equal(MoveDeed.Resume, decision.Deed);
        Assert.Equal(MovingThree.Until + TimeSpan.FromMinutes(4), decision.State.Until);
    }

    [Fact] // A rollout can be over before anybody has looked.
    public void An_app_that_is_slow_where_it_has_arrived_is_held_too() =>
        Assert.Equal(MoveDeed.Pause, Decide(Three, MovingThree, App(replicas: 3, ready: 3), Answer(2000)).Deed);

    [Fact]
    public void An_app_that_arrives_while_it_is_held_is_let_go_first()
    {
        var held = MovingThree with { PausedAt = Now };
        var released = Decide(Three, held, App(replicas: 3, ready: 3) with { IsPaused = true });
        Assert.Equal(MoveDeed.Resume, released.Deed);
        Assert.Equal(MoveResult.Moved, AfterRestoring(Three, released.State, App(replicas: 3, ready: 3)).Outcome?.Result);
    }

    [Fact]
    public void An_app_that_stays_slow_goes_back()
    {
        var held = MovingThree with { PausedAt = Now - Options.LongestPause };
        Assert.Equal(MoveDeed.MoveBack, Decide(Three, held, Rolling() with { IsPaused = true }, Answer(2000)).Deed);
    }

    [Fact]
    public void What_takes_too_long_goes_back() =>
        Assert.Equal(MoveDeed.MoveBack, Decide(Three, MovingThree with { Until = Now }, Rolling()).Deed);

    [Fact]
    public void A_second_copy_that_does_not_start_ends_the_move_with_what_the_cluster_says()
    {
        var late = BegunAt(Single, App(replicas: 1, ready: 1, at: Placement.SharedPool)) with { Until = Now };
        var decision = Decide(
            Single, late, App(replicas: 2, ready: 1, at: Placement.SharedPool) with { FailureMessage = "web-2: Unschedulable" });
        Assert.Equal(
            (MoveDeed.RestoreStrategy, "A second copy did not become ready in time. web-2: Unschedulable"),
            (decision.Deed, decision.State.Failure));
    }

    [Fact]
    public void An_app_whose_copies_must_not_run_together_is_not_moved_while_it_runs()
    {
        var alone = App(replicas: 1, ready: 1, at: Placement.SharedPool) with { RunsAlone = true };
        var outcome = Play(Single, alone);
        Assert.Equal(MoveResult.WentBack, outcome.Result);
        Assert.Contains("Recreate", outcome.Reason, StringComparison.Ordinal);
        var stopped = alone with { Replicas = 0, Ready = 0 };
        Assert.Equal(MoveDeed.Move, Decide(Three, BegunAt(Three, stopped), stopped).Deed);
    }

    [Fact]
    public void A_rollout_that_its_owner_holds_is_not_let_go_by_a_move()
    {
        var held = App(replicas: 3, ready: 3, at: Placement.SharedPool) with { IsPaused = true };
        var decision = Decide(Three, MovingThree, held);
        Assert.Equal((MoveDeed.RestoreStrategy, MoveResult.WentBack), (decision.Deed, Play(Three, held).Result));
    }

    [Fact]
    public void An_app_that_is_gone_needs_no_move() =>
        Assert.Equal(MoveResult.Gone, MoveRule.Decide(Three, Options, MovingThree, new Sighting(null, null), Now).Outcome?.Result);

    [Fact]
    public void An_app_that_has_arrived_has_as_many_copies_as_before()
    {
        var doubled = BegunAt(Single, App(replicas: 1, ready: 1)) with { Phase = MovePhase.Moving };
        Assert.Equal(MoveDeed.RemoveSecondCopy, AfterRestoring(Single, doubled, App(replicas: 2, ready: 2)).Deed);
        Assert.Equal(MoveResult.Moved, Play(Single, App(replicas: 1, ready: 1)).Result);
    }

    [Fact]
    public void A_second_copy_that_an_earlier_try_has_left_goes_in_the_end() =>
        Assert.True(BegunAt(Single, App(replicas: 2, ready: 2)).IsDoubled);

    [Theory]
    [InlineData(3, 5)]
    [InlineData(5, 3)]
    [InlineData(1, 4)]
    public void The_number_of_copies_is_left_to_whoever_changes_it_during_the_move(int before, int now)
    {
        var move = new WorkloadMove("web", Placement.DedicatedNodes, WasSingle: before == 1);
        var moving = BegunAt(move, App(before, before, Placement.SharedPool)) with { Phase = MovePhase.Moving };
        var decision = AfterRestoring(move, moving, App(now, now));
        Assert.Equal((MoveDeed.Wait, MoveResult.Moved), (decision.Deed, decision.Outcome?.Result));
    }

    [Fact]
    public void What_counts_as_fewer_copies_is_told_by_the_beginning_of_the_move_not_by_the_list()
    {
        var scaledDown = BegunAt(Three, App(replicas: 2, ready: 2, at: Placement.SharedPool));
        Assert.Equal(MoveDeed.Wait, Decide(Three, scaledDown, Rolling(ready: 2)).Deed);
    }

    [Fact]
    public void A_second_copy_that_somebody_brings_back_again_and_again_is_let_be_in_the_end()
    {
        var restoring = BegunAt(Single, App(replicas: 1, ready: 1)) with { Phase = MovePhase.Restoring, Until = Now };
        Assert.Equal(MoveResult.Moved, Decide(Single, restoring, App(replicas: 2, ready: 2)).Outcome?.Result);
    }

    [Fact] // Whatever is seen, however long: every phase has an end, and the outcome says why it is not the wished one.
    public void Every_move_ends_and_gives_its_reason() => Prop.ForAll(Gen.Choose(0, 2 * 3 * 4 * 3 * 2 - 1).ArrayOf(64).ToArbitrary(), seen =>
    {
        if (seen.Length == 0)
            return;
        var (state, now) = (BegunAt(Single, Sight(seen[0]).Workload!), Now);
        for (var i = 0; i < 10_000; i++, now += TimeSpan.FromMinutes(1))
        {
            var decision = MoveRule.Decide(Single, Options, state, Sight(seen[i % seen.Length]), now);
            if (decision.Outcome is { } outcome)
            {
                Assert.Equal(outcome.Result == MoveResult.Moved, outcome.Reason is null);
                return;
            }
            state = decision.State;
        }
        Assert.Fail("The move never ends.");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static MoveState BegunAt(WorkloadMove move, Workload found) => MoveRule.Begin(move, Options, found, Usual, Now);

    private static MoveDecision Decide(WorkloadMove move, MoveState state, Workload workload, Probe? probe = null) =>
        MoveRule.Decide(move, Options, state, new Sighting(workload, probe ?? Answer(20)), Now);

    /// <summary>What is decided once the app has its own strategy again, which comes first at the end of every move.</summary>
    private static MoveDecision AfterRestoring(WorkloadMove move, MoveState state, Workload workload)
    {
        var decision = Decide(move, state, workload);
        Assert.Equal(MoveDeed.RestoreStrategy, decision.Deed);
        return Decide(move, decision.State, workload);
    }

    /// <summary>Decides until there is an outcome, while the app stays as it is.</summary>
    private static MoveOutcome Play(WorkloadMove move, Workload workload)
    {
        var decision = Decide(move, BegunAt(move, workload), workload);
        for (var i = 0; i < 10 && decision.Outcome is null; i++)
            decision = Decide(move, decision.State, workload);
        return decision.Outcome!;
    }

    private static Workload App(int replicas, int ready, Placement at = Placement.DedicatedNodes) =>
        new("web", replicas, ready, at, RolloutPhase.Done, IsPaused: false, ElsewherePods: 0);

    private static Workload Rolling(int ready = 3) => App(replicas: 3, ready) with { Rollout = RolloutPhase.InProgress, ElsewherePods = 2 };

    private static Probe Answer(int milliseconds) => new(Succeeded: true, TimeSpan.FromMilliseconds(milliseconds));

    private static Sighting Sight(int number) => new(
        new Workload(
            "web",
            Replicas: 1 + number % 2,
            Ready: number / 2 % 3,
            (number / 6 % 2) == 0 ? Placement.SharedPool : Placement.DedicatedNodes,
            (RolloutPhase)(number / 12 % 3),
            IsPaused: number / 36 % 2 == 1,
            ElsewherePods: number / 72 % 2),
        Answer(number % 5 == 0 ? 3000 : 20));
}

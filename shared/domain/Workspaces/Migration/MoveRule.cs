namespace Hexabase.Domain.Workspaces.Migration;

/// <summary>An app that is to run elsewhere.</summary>
/// <param name="WasSingle">
/// It had a single copy that answered when the change found it: a second one may be what an earlier try of this move has left.
/// </param>
public sealed record WorkloadMove(string Workload, Placement To, bool WasSingle)
{
    public static WorkloadMove Of(Workload found, Placement to) => new(found.Name, to, found is { Replicas: 1, Ready: >= 1 });

    public Placement From() => To == Placement.DedicatedNodes ? Placement.SharedPool : Placement.DedicatedNodes;
}

/// <summary>What was seen of an app.</summary>
/// <param name="Workload">Null when it is gone.</param>
/// <param name="Probe">Null when it was not asked.</param>
public sealed record Sighting(Workload? Workload, Probe? Probe);

/// <summary>How far a move has come.</summary>
/// <param name="Until">When the phase is given up.</param>
/// <param name="Ready">How many copies answered when the move began: never fewer from then on.</param>
/// <param name="IsDoubled">A single copy has got a second one, which goes at the end; of other numbers of copies none is changed.</param>
/// <param name="UsualTime">How long answers took before the move; null when the app did not answer, and then slowness cannot be told.</param>
/// <param name="PausedAt">Since when the rollout is held because the app has become slow.</param>
/// <param name="Failure">Why the app goes, or has gone, back.</param>
public sealed record MoveState(
    MovePhase Phase,
    DateTimeOffset Until,
    int Ready,
    bool IsDoubled,
    TimeSpan? UsualTime,
    DateTimeOffset? PausedAt = null,
    string? Failure = null);

public enum MovePhase
{
    /// <summary>A single copy gets a second one.</summary>
    Doubling,

    /// <summary>New copies come, and old ones go.</summary>
    Moving,

    /// <summary>The same the other way.</summary>
    GoingBack,

    /// <summary>The second copy of a single one goes.</summary>
    Restoring,
}

/// <summary>What is to be done to an app next. All of it may be repeated.</summary>
public enum MoveDeed
{
    Wait,
    AddSecondCopy,
    Move,
    Pause,
    Resume,
    MoveBack,
    RemoveSecondCopy,
}

/// <summary>How a move ended.</summary>
public enum MoveResult
{
    /// <summary>All of the app runs where it is to run.</summary>
    Moved,

    /// <summary>It failed, and the app runs where it was.</summary>
    WentBack,

    /// <summary>It failed, and so did going back: the app runs, but not all of it in one place.</summary>
    Stuck,

    /// <summary>There is no such app any more.</summary>
    Gone,
}

/// <param name="Reason">Why it did not succeed.</param>
public sealed record MoveOutcome(MoveResult Result, string? Reason = null);

/// <param name="Outcome">Null while it goes on.</param>
public sealed record MoveDecision(MoveDeed Deed, MoveState State, MoveOutcome? Outcome = null);

/// <summary>
/// Decides how one app is moved so that its visitors do not notice: first a second copy of a single one, then a rollout that adds before
/// it takes away; held while answers are slow, those of an app that has just arrived too; the whole app goes back when fewer copies answer
/// than before, when the rollout fails, or when it takes too long. No clock, no I/O; whatever was seen last decides, so a move can be taken
/// up again anywhere.
/// </summary>
public static class MoveRule
{
    private const int Doubled = 2;

    /// <summary>A single copy gets a second one for the time of the move (product rule 15), unless it does not answer anyway.</summary>
    /// <param name="found">The app as it is now, which need not be as the change found it.</param>
    public static MoveState Begin(WorkloadMove move, MigrationOptions options, Workload found, TimeSpan? usualTime, DateTimeOffset now)
    {
        var isDoubled = found is { Replicas: 1, Ready: >= 1 } || (move.WasSingle && found.Replicas == Doubled);
        return new MoveState(
            isDoubled ? MovePhase.Doubling : MovePhase.Moving,
            now + options.HealthyWithin,
            isDoubled ? 1 : Math.Min(found.Ready, found.Replicas),
            isDoubled,
            usualTime);
    }

    public static MoveDecision Decide(WorkloadMove move, MigrationOptions options, MoveState state, Sighting seen, DateTimeOffset now)
    {
        if (seen.Workload is not { } workload)
            return new MoveDecision(MoveDeed.Wait, state, new MoveOutcome(MoveResult.Gone));
        return state.Phase switch
        {
            MovePhase.Doubling => Doubling(move, options, state, workload, now),
            MovePhase.Moving => Moving(move, options, state, workload, seen.Probe, now),
            MovePhase.GoingBack => GoingBack(move, options, state, workload, now),
            _ => Restoring(state, workload, now),
        };
    }

    private static MoveDecision Doubling(WorkloadMove move, MigrationOptions options, MoveState state, Workload workload, DateTimeOffset now)
    {
        if (workload.Ready >= Doubled || workload.Placement == move.To)
            return new MoveDecision(MoveDeed.Move, Enter(MovePhase.Moving, state, options, now));
        if (now >= state.Until)
            return Restore(state, options, workload, now, "A second copy did not become ready in time.");
        return workload.Replicas < Doubled ? new MoveDecision(MoveDeed.AddSecondCopy, state) : Wait(state);
    }

    private static MoveDecision Moving(
        WorkloadMove move, MigrationOptions options, MoveState state, Workload workload, Probe? probe, DateTimeOffset now)
    {
        if (workload.Placement != move.To)
        {
            return now < state.Until
                ? new MoveDecision(MoveDeed.Move, state)
                : Restore(state, options, workload, now, "It could not be moved.");
        }
        if (workload.Ready < Math.Min(state.Ready, workload.Replicas))
            return GoBack(state, options, now, "Fewer copies answer than before the move.");
        var hasArrived = HasArrived(move, state, workload);
        if (!hasArrived && workload.Rollout == RolloutPhase.Failed)
            return GoBack(state, options, now, workload.FailureMessage ?? "The rollout failed.");

        var isSlow = IsSlow(options, state, probe);
        if (state.PausedAt is { } since)
        {
            if (!isSlow)
                return new MoveDecision(MoveDeed.Resume, state with { PausedAt = null, Until = state.Until + (now - since) });
            return now - since < options.LongestPause ? Wait(state) : GoBack(state, options, now, "It stayed slow.");
        }
        if (isSlow || workload.IsPaused)
            return new MoveDecision(MoveDeed.Pause, state with { PausedAt = now });
        if (hasArrived)
            return Restore(state, options, workload, now, failure: null);
        return now < state.Until ? Wait(state) : GoBack(state, options, now, "It did not become healthy in time.");
    }

    private static MoveDecision GoingBack(WorkloadMove move, MigrationOptions options, MoveState state, Workload workload, DateTimeOffset now)
    {
        if (workload.Placement == move.To)
            return new MoveDecision(MoveDeed.MoveBack, state);
        if (workload.HasSettled)
            return Restore(state, options, workload, now, state.Failure);
        return now < state.Until ? Wait(state) : new MoveDecision(MoveDeed.Wait, state, new MoveOutcome(MoveResult.Stuck, state.Failure));
    }

    /// <summary>Who has changed the number of copies since, an autoscaler or the owner, is let have them.</summary>
    private static MoveDecision Restoring(MoveState state, Workload workload, DateTimeOffset now)
    {
        if (now < state.Until)
        {
            if (state.IsDoubled && workload.Replicas == Doubled)
                return new MoveDecision(MoveDeed.RemoveSecondCopy, state);
            if (!workload.HasSettled && !NeedsNotAnswer(state, workload))
                return Wait(state);
        }
        var outcome = new MoveOutcome(state.Failure is null ? MoveResult.Moved : MoveResult.WentBack, state.Failure);
        return new MoveDecision(MoveDeed.Wait, state, outcome);
    }

    /// <summary>An app that did not answer before the move need not answer after it.</summary>
    private static bool HasArrived(WorkloadMove move, MoveState state, Workload workload) =>
        workload.Placement == move.To && (workload.HasSettled || NeedsNotAnswer(state, workload));

    private static bool NeedsNotAnswer(MoveState state, Workload workload) => state.Ready == 0 && workload.ElsewherePods == 0;

    private static bool IsSlow(MigrationOptions options, MoveState state, Probe? probe)
    {
        if (state.UsualTime is not { } usual || probe is null)
            return false;
        var slow = usual * options.SlowFactor;
        return !probe.Succeeded || probe.Took > (slow > options.SlowAtLeast ? slow : options.SlowAtLeast);
    }

    private static MoveDecision Wait(MoveState state) => new(MoveDeed.Wait, state);

    private static MoveDecision GoBack(MoveState state, MigrationOptions options, DateTimeOffset now, string failure) =>
        new(MoveDeed.MoveBack, Enter(MovePhase.GoingBack, state with { Failure = failure }, options, now));

    private static MoveDecision Restore(
        MoveState state, MigrationOptions options, Workload workload, DateTimeOffset now, string? failure) =>
        Restoring(Enter(MovePhase.Restoring, state with { Failure = failure }, options, now), workload, now);

    private static MoveState Enter(MovePhase phase, MoveState state, MigrationOptions options, DateTimeOffset now) =>
        state with { Phase = phase, Until = now + options.HealthyWithin, PausedAt = null };
}

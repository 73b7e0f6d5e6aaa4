namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>The steps of an upgrade as its rules look at and move them.</summary>
internal static class UpgradeSteps
{
    /// <summary>The first step that is not done; the last one when all are.</summary>
    public static UpgradeStepName CurrentStep(this Upgrade upgrade) =>
        upgrade.Steps.FirstOrDefault(step => step.State != StepState.Done, upgrade.Steps[^1]).Name;

    /// <summary>On the way back: the last step that was begun, payment at the earliest; null when none is left.</summary>
    public static UpgradeStepName? StepToUndo(this Upgrade upgrade) =>
        upgrade.Steps.LastOrDefault(step => step is { State: StepState.Running or StepState.Done, Name: not UpgradeStepName.PaymentMethod })?.Name;

    /// <summary>The present step done, the next one begun.</summary>
    public static Upgrade Finish(this Upgrade upgrade, DateTimeOffset now)
    {
        var step = upgrade.CurrentStep();
        var done = upgrade.WithStep(upgrade.Step(step) with { State = StepState.Done, FinishedAt = now });
        var finished = done with { RetryAt = null, WaitingFor = null };
        return step == UpgradeStepName.Notice ? finished : finished.BeginStep(finished.CurrentStep(), now);
    }

    public static Upgrade BeginStep(this Upgrade upgrade, UpgradeStepName name, DateTimeOffset now)
    {
        var step = upgrade.Step(name);
        return upgrade.WithStep(step with { State = StepState.Running, Attempts = step.Attempts + 1, StartedAt = step.StartedAt ?? now });
    }

    public static Upgrade WithStep(this Upgrade upgrade, UpgradeStep step) =>
        upgrade with { Steps = [.. upgrade.Steps.Select(other => other.Name == step.Name ? step : other)] };

    public static UpgradeWorkload? Workload(this Upgrade upgrade, string name) =>
        upgrade.Workloads?.FirstOrDefault(workload => workload.Name == name);

    public static Upgrade With(this Upgrade upgrade, UpgradeWorkload workload) =>
        upgrade with { Workloads = [.. upgrade.Workloads!.Select(other => other.Name == workload.Name ? workload : other)] };

    /// <summary>On the way back: the last app that may not be where it was.</summary>
    public static UpgradeWorkload? WorkloadToMoveBack(this Upgrade upgrade) =>
        upgrade.Workloads?.LastOrDefault(workload => workload.State is WorkloadState.Moving or WorkloadState.Moved);
}

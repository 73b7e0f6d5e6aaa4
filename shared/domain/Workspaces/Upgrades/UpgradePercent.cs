namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>How much of an upgrade is done, as steps of unequal length.</summary>
public static class UpgradePercent
{
    /// <summary>Share of each step, in percent; they sum up to 100.</summary>
    public static int Share(UpgradeStepName step) => step switch
    {
        UpgradeStepName.PaymentMethod => 5,
        UpgradeStepName.Payment => 15,
        UpgradeStepName.Plan => 5,
        UpgradeStepName.Node => 30,
        UpgradeStepName.Migration => 30,
        UpgradeStepName.Features => 10,
        _ => 5,
    };

    /// <summary>0 to 100; 100 means completed.</summary>
    public static int Of(Upgrade upgrade) => upgrade.Steps.Sum(step => step.State switch
    {
        StepState.Done when step.Name == UpgradeStepName.Migration && upgrade.Status == UpgradeStatus.Compensating => Moved(upgrade),
        StepState.Done => Share(step.Name),
        StepState.Running when step.Name == UpgradeStepName.Migration => Moved(upgrade),
        _ => 0,
    });

    private static int Moved(Upgrade upgrade) => upgrade.Workloads is { Count: > 0 } workloads
        ? Share(UpgradeStepName.Migration) * workloads.Count(app => app.State is WorkloadState.Moved or WorkloadState.Gone) / workloads.Count
        : 0;
}

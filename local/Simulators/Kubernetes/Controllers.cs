namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>What happens in the cluster by itself.</summary>
internal static class Controllers
{
    /// <summary>More rounds than any chain of consequences needs: a controller undoes what another does, which is a bug.</summary>
    private const int MostRounds = 10_000;

    private static readonly Action<Draft>[] All =
    [
        Deletion.Reconcile, Events.Reconcile, Machines.Reconcile, Workloads.Reconcile, ReplicaSets.Reconcile, Scheduler.Reconcile,
        Pods.Reconcile, Quotas.Reconcile, DisruptionBudgets.Reconcile,
    ];

    /// <summary>
    /// Lets everything happen that is due until <paramref name="now"/>, each at its own time and with all its consequences. So what there
    /// is at a time does not depend on how often somebody looked before.
    /// </summary>
    public static void Advance(Draft draft, DateTimeOffset now)
    {
        while (NextDue(draft) is { } due && due <= now)
        {
            draft.Now = due;
            Settle(draft);
        }
        draft.Now = now;
    }

    /// <summary>Lets the consequences of what was changed happen, as far as they need no time.</summary>
    public static void Settle(Draft draft)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var before = draft.State;
            foreach (var reconcile in All)
                reconcile(draft);
            if (!ReferenceEquals(before, draft.State))
                continue;
            ReadinessLog.Note(draft);
            return;
        }
        throw new InvalidOperationException("The simulated cluster does not come to rest.");
    }

    public static DateTimeOffset? NextDue(Draft draft) => draft.Everything.Min(o => o.Due);
}

using System.Globalization;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Pod disruption budgets: how many pods evictions must leave.</summary>
internal static class DisruptionBudgets
{
    /// <exception cref="KubernetesError">The pod's eviction would leave too few.</exception>
    public static void Check(Draft draft, KubeObject pod)
    {
        if (!pod.Is("Ready") || pod.IsTerminating)
            return;
        var budgets = draft.All(ResourceType.PodDisruptionBudget, pod.Namespace);
        foreach (var budget in budgets.Where(b => Selectors.Matches(b.Spec.At("selector"), pod.Labels)))
        {
            var (healthy, needed, _) = Count(draft, budget);
            if (healthy <= needed)
                throw KubernetesError.EvictionRefused(budget.Name, needed, healthy);
        }
    }

    public static void Reconcile(Draft draft)
    {
        foreach (var budget in draft.All(ResourceType.PodDisruptionBudget).ToList())
        {
            var (healthy, needed, all) = Count(draft, budget);
            draft.Change(budget, body =>
            {
                body.Set(budget.Generation, "status", "observedGeneration");
                body.Set(healthy, "status", "currentHealthy");
                body.Set(needed, "status", "desiredHealthy");
                body.Set(all, "status", "expectedPods");
                body.Set(Math.Max(0, healthy - needed), "status", "disruptionsAllowed");
            });
        }
    }

    private static (int Healthy, int Needed, int All) Count(Draft draft, KubeObject budget)
    {
        var pods = draft.All(ResourceType.Pod, budget.Namespace)
            .Where(p => !p.IsTerminating && Selectors.Matches(budget.Spec.At("selector"), p.Labels))
            .ToList();
        var needed = budget.Spec.At("minAvailable") is { } least
            ? Share.Of(least, pods.Count, roundsUp: true)
            : pods.Count - Share.Of(budget.Spec.At("maxUnavailable"), pods.Count, roundsUp: true);
        return (pods.Count(p => p.Is("Ready")), needed, pods.Count);
    }
}

/// <summary>A number of pods, or a percentage of them.</summary>
internal static class Share
{
    public static int Of(System.Text.Json.Nodes.JsonNode? share, int whole, bool roundsUp)
    {
        if (share.Number() is { } number)
            return number;
        if (share.Text() is not { } text
            || !decimal.TryParse(text.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent))
            return 0;
        var exact = whole * percent / 100;
        return (int)(roundsUp ? Math.Ceiling(exact) : Math.Floor(exact));
    }
}

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>
/// Notes the fewest ready replicas that each deployment has ever had, from when it was first fully ready: the proof that a move
/// has taken nothing away.
/// </summary>
internal static class ReadinessLog
{
    public static void Note(Draft draft)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var deployment in draft.All(ResourceType.Deployment))
        {
            var name = $"{deployment.Namespace}/{deployment.Name}";
            present.Add(name);
            var (ready, replicas) = (deployment.Status.Number("readyReplicas") ?? 0, deployment.Spec.Number("replicas") ?? 1);
            var known = draft.State.Readiness.GetValueOrDefault(name);
            if (known is null ? ready >= replicas && replicas > 0 : ready < known.Ready)
                draft.Note(name, new LowestReady(ready, replicas, draft.Now, known?.Since ?? draft.Now));
        }
        foreach (var gone in draft.State.Readiness.Keys.Where(name => !present.Contains(name)).ToList())
            draft.Note(gone, null);
    }

    /// <summary>Begins again with what is ready now.</summary>
    public static void Reset(Draft draft)
    {
        foreach (var (name, _) in draft.State.Readiness)
            draft.Note(name, null);
        Note(draft);
    }
}

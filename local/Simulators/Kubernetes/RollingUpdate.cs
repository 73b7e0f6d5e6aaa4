using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>How far a rollout stands.</summary>
/// <param name="Desired">Replicas there are to be in the end.</param>
/// <param name="MaxSurge">How many more there may be meanwhile.</param>
/// <param name="MaxUnavailable">How many fewer may be ready meanwhile.</param>
/// <param name="New">Of the template that is wanted.</param>
/// <param name="Old">Of templates before, the oldest first.</param>
internal sealed record Rollout(int Desired, int MaxSurge, int MaxUnavailable, SetSize New, IReadOnlyList<SetSize> Old);

/// <param name="Size">Replicas that a set is to have.</param>
/// <param name="Ready">Of these.</param>
internal readonly record struct SetSize(int Size, int Ready);

/// <summary>The sizes that the sets of a rollout should have next.</summary>
internal sealed record RolloutStep(int New, IReadOnlyList<int> Old);

/// <summary>How Kubernetes replaces pods by those of a new template: never more than the surge, never fewer ready than agreed.</summary>
internal static class RollingUpdate
{
    public static RolloutStep Next(Rollout rollout)
    {
        var old = rollout.Old.Select(s => s.Size).ToArray();
        if (rollout.New.Size > rollout.Desired)
            return new RolloutStep(rollout.Desired, old);
        var total = rollout.New.Size + old.Sum();
        var growth = Math.Min(rollout.Desired - rollout.New.Size, rollout.Desired + rollout.MaxSurge - total);
        if (growth > 0)
            return new RolloutStep(rollout.New.Size + growth, old);

        // Old pods that are not ready serve nobody: they go first, but no more than the new ones that are missing allow.
        var least = rollout.Desired - rollout.MaxUnavailable;
        var spare = total - least - (rollout.New.Size - rollout.New.Ready);
        Take(old, spare, i => rollout.Old[i].Size - rollout.Old[i].Ready);
        Take(old, Math.Min(spare, rollout.New.Ready + rollout.Old.Sum(s => s.Ready) - least), i => Math.Min(old[i], rollout.Old[i].Ready));
        return new RolloutStep(rollout.New.Size, old);
    }

    /// <summary>
    /// The bounds of a deployment: a quarter each when nothing is said; surge rounds up, unavailability down, and not both are 0.
    /// </summary>
    public static (int MaxSurge, int MaxUnavailable) Bounds(JsonNode? strategy, int desired)
    {
        JsonNode? Said(string name) => strategy.At("rollingUpdate", name) ?? JsonValue.Create("25%");
        var surge = Share.Of(Said("maxSurge"), desired, roundsUp: true);
        var unavailable = Share.Of(Said("maxUnavailable"), desired, roundsUp: false);
        return (surge, surge == 0 && unavailable == 0 ? 1 : Math.Min(unavailable, desired));
    }

    private static void Take(int[] sizes, int most, Func<int, int> available)
    {
        for (var i = 0; i < sizes.Length && most > 0; i++)
        {
            var taken = Math.Min(most, available(i));
            sizes[i] -= taken;
            most -= taken;
        }
    }
}

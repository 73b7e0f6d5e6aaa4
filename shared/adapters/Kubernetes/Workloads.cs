using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>What deployments and their pods say about an app, and how an app is told to run elsewhere.</summary>
internal static class Workloads
{
    private const int LongestMessage = 500;

    /// <summary>New pods come by the quarter, so that a rollout can still be held when the first of them turn out slow.</summary>
    private const string Surge = "25%";

    /// <summary>Reasons for which a container waits that do not pass by waiting.</summary>
    private static readonly HashSet<string> Stuck = new(StringComparer.Ordinal)
    {
        "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "CrashLoopBackOff", "CreateContainerConfigError", "CreateContainerError",
        "RunContainerError",
    };

    /// <param name="somePods">Those of the deployment are found among them.</param>
    public static Workload Read(Deployment deployment, IEnumerable<Pod> somePods, string ns)
    {
        var placement = PlacementOf(deployment.Spec.Template.Spec, ns);
        var pods = somePods
            .Where(pod => pod.Status?.Phase is not ("Succeeded" or "Failed") && deployment.Spec.Selector.Matches(pod.Metadata.Labels))
            .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .ToList();
        return new Workload(
            deployment.Metadata.Name,
            Wanted(deployment),
            deployment.Status?.ReadyReplicas ?? 0,
            placement,
            Rollout(deployment),
            deployment.Spec.Paused,
            pods.Count(pod => PlacementOf(pod.Spec, ns) != placement),
            FailureOf(deployment, pods),
            RunsAlone(deployment));
    }

    /// <summary>Sheet section 5, check by check in its order.</summary>
    public static RolloutPhase Rollout(Deployment deployment)
    {
        var status = deployment.Status ?? new DeploymentStatus();
        if (deployment.Metadata.Generation > status.ObservedGeneration)
            return RolloutPhase.InProgress;
        if (Progressing(deployment) is { Reason: "ProgressDeadlineExceeded" })
            return RolloutPhase.Failed;
        return status.UpdatedReplicas < Wanted(deployment)
            || status.Replicas > status.UpdatedReplicas
            || status.AvailableReplicas < status.UpdatedReplicas
                ? RolloutPhase.InProgress
                : RolloutPhase.Done;
    }

    /// <summary>
    /// Where pods run is what they ask for: one that asks for the workspace's nodes can be on no other, and one that does not is kept off
    /// them by their taint.
    /// </summary>
    public static Placement PlacementOf(PodSpec pod, string ns) =>
        pod.NodeSelector?.GetValueOrDefault(Marks.Workspace) == ns ? Placement.DedicatedNodes : Placement.SharedPool;

    /// <summary>
    /// A merge patch by which an app's next pods run elsewhere, or null when it is so already. Tolerations of others stay. The strategy is
    /// kept in an annotation until <see cref="RestoreStrategy"/>.
    /// </summary>
    public static JsonObject? Move(Deployment deployment, string ns, Placement to)
    {
        var pod = deployment.Spec.Template.Spec;
        var own = Marks.Toleration(ns);
        var isDedicated = to == Placement.DedicatedNodes;
        var tolerations = pod.Tolerations ?? [];
        var needsSurge = !RunsAlone(deployment) && !AddsBeforeItTakes(deployment.Spec.Strategy);
        if (PlacementOf(pod, ns) == to && tolerations.Contains(own) == isDedicated && !needsSurge)
            return null;
        var others = tolerations.Where(toleration => toleration != own);
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["spec"] = new JsonObject
                    {
                        ["nodeSelector"] = new JsonObject { [Marks.Workspace] = isDedicated ? ns : null },
                        ["tolerations"] = KubernetesJson.Part(isDedicated ? others.Append(own) : others),
                    },
                },
            },
        };
        if (needsSurge)
        {
            patch["metadata"] = Annotated(Patch(deployment.Spec.Strategy).ToJsonString());
            patch["spec"]!["strategy"] = new JsonObject
            {
                ["type"] = "RollingUpdate",
                ["rollingUpdate"] = new JsonObject { ["maxSurge"] = Surge, ["maxUnavailable"] = 0 },
            };
        }
        return patch;
    }

    /// <summary>
    /// A merge patch by which an app has the strategy again that it had before its move, or null when nothing was kept of it. One that was
    /// chosen since stays.
    /// </summary>
    public static JsonObject? RestoreStrategy(Deployment deployment)
    {
        if (deployment.Metadata.Annotations?.GetValueOrDefault(Marks.OwnStrategy) is not { } kept)
            return null;
        var patch = new JsonObject { ["metadata"] = Annotated(null) };
        if (AddsBeforeItTakes(deployment.Spec.Strategy))
            patch["spec"] = new JsonObject { ["strategy"] = Patch(StrategyOf(kept)) };
        return patch;
    }

    private static JsonObject Annotated(string? strategy) =>
        new() { ["annotations"] = new JsonObject { [Marks.OwnStrategy] = strategy } };

    /// <summary>In full, so that nothing of another strategy stays.</summary>
    private static JsonObject Patch(DeploymentStrategy? strategy) => new()
    {
        ["type"] = strategy?.Type,
        ["rollingUpdate"] = strategy?.RollingUpdate is { } rolling ? KubernetesJson.Part(rolling) : null,
    };

    /// <summary>Null, which is the cluster's own choice, for what somebody has broken.</summary>
    private static DeploymentStrategy? StrategyOf(string json)
    {
        try
        {
            return KubernetesJson.Read<DeploymentStrategy>(Encoding.UTF8.GetBytes(json));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool RunsAlone(Deployment deployment) => deployment.Spec.Strategy?.Type == "Recreate";

    private static bool AddsBeforeItTakes(DeploymentStrategy? strategy) =>
        strategy is { Type: "RollingUpdate", RollingUpdate: { MaxSurge: { } surge, MaxUnavailable: { } unavailable } }
        && surge.ToString() == Surge && unavailable.ToString() is "0" or "0%";

    private static int Wanted(Deployment deployment) => deployment.Spec.Replicas ?? 1;

    private static Condition? Progressing(Deployment deployment) =>
        deployment.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Progressing");

    /// <summary>
    /// What a pod says goes first, for it knows the cause; then pods that may not even be made, and then that time is over.
    /// </summary>
    private static string? FailureOf(Deployment deployment, IEnumerable<Pod> pods)
    {
        var alive = pods.Where(pod => pod.Metadata.DeletionTimestamp is null);
        var message = alive.Select(FailureOf).FirstOrDefault(failure => failure is not null)
            ?? deployment.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "ReplicaFailure", IsTrue: true })?.Message
            ?? (Rollout(deployment) == RolloutPhase.Failed ? Progressing(deployment)?.Message ?? "The rollout has run out of time." : null);
        return message is { Length: > LongestMessage } ? message[..LongestMessage] : message;
    }

    private static string? FailureOf(Pod pod)
    {
        var waiting = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? [])
            .Select(container => container.State?.Waiting)
            .FirstOrDefault(waiting => waiting?.Reason is { } reason && Stuck.Contains(reason));
        if (waiting is not null)
            return Said(pod, waiting.Reason, waiting.Message);
        var unscheduled = pod.Status?.Conditions?.FirstOrDefault(
            condition => condition is { Type: "PodScheduled", IsTrue: false, Reason: "Unschedulable" });
        return unscheduled is null ? null : Said(pod, unscheduled.Reason, unscheduled.Message);
    }

    private static string Said(Pod pod, string? reason, string? message) =>
        message is null ? $"{pod.Metadata.Name}: {reason}" : $"{pod.Metadata.Name}: {reason}: {message}";
}

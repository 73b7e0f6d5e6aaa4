using System.Globalization;
using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>
/// Cluster API (fact sheet, §7): deployments of machines make machines, which join as nodes after a while or fail for a shortage.
/// A failed machine is tried again by itself, less and less often, and at once when its deployment or the faults are written.
/// </summary>
internal static class Machines
{
    public const string DeploymentLabel = "cluster.x-k8s.io/deployment-name";

    /// <summary>On the node: which machine it is. As Cluster API has it.</summary>
    public const string MachineAnnotation = "cluster.x-k8s.io/machine";

    private const string DeploymentFinalizer = "cluster.x-k8s.io/machinedeployment";
    private const string MachineFinalizer = "machine.cluster.x-k8s.io";
    private const string Shortage = "InsufficientCapacity";
    private const double LongestPauseSeconds = 300;

    private static readonly string[] ConditionsOfRunning =
        ["Ready", "InfrastructureReady", "BootstrapConfigReady", "NodeReady", "NodeHealthy", "Available"];

    public static void Reconcile(Draft draft)
    {
        foreach (var deployment in draft.All(ResourceType.MachineDeployment).ToList())
            Scale(draft, deployment);
        foreach (var machine in draft.All(ResourceType.Machine).ToList())
            Advance(draft, machine);
        foreach (var deployment in draft.All(ResourceType.MachineDeployment).ToList())
            Report(draft, deployment);
    }

    /// <summary>Lets failed machines be tried now: of a deployment that is being written, or all.</summary>
    public static void TryAgain(Draft draft, KubeObject? written = null)
    {
        bool IsMeant(KubeObject machine) => HasFailed(machine) && (written is null || machine.Controller == written.Uid);
        foreach (var machine in draft.All(ResourceType.Machine).Where(IsMeant).ToList())
            draft.Wake(machine, draft.Now);
    }

    private static List<KubeObject> MachinesOf(Draft draft, KubeObject deployment) =>
        [.. draft.All(ResourceType.Machine, deployment.Namespace).Where(m => m.Controller == deployment.Uid)];

    private static bool HasFailed(KubeObject machine) => machine.Status.Text("phase") == "Failed";

    private static void Scale(Draft draft, KubeObject deployment)
    {
        var machines = MachinesOf(draft, deployment);
        if (deployment.IsTerminating)
        {
            foreach (var machine in machines)
                Deletion.Delete(draft, machine);
            if (machines.Count == 0)
                draft.Change(deployment, body => Deletion.Release(body, DeploymentFinalizer));
            return;
        }
        draft.Change(deployment, body => Deletion.Hold(body, DeploymentFinalizer));
        var wanted = deployment.Spec.Number("replicas") ?? 1;
        var present = machines
            .Where(m => !m.IsTerminating)
            .OrderBy(m => m.Is("Ready"))
            .ThenByDescending(m => m.Uid, StringComparer.Ordinal)
            .ToList();
        for (var missing = wanted - present.Count; missing > 0; missing--)
            Make(draft, deployment);
        foreach (var surplus in present.Take(present.Count - wanted))
            Deletion.Delete(draft, surplus);
    }

    private static void Make(Draft draft, KubeObject deployment)
    {
        var template = deployment.Spec.At("template");
        var labels = (JsonObject?)template.At("metadata", "labels")?.DeepClone() ?? [];
        labels[DeploymentLabel] = deployment.Name;
        labels["cluster.x-k8s.io/cluster-name"] = deployment.Spec.Text("clusterName");
        var machine = draft.Add(ResourceType.Machine, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name}-{draft.NewSuffix()}",
                ["namespace"] = deployment.Namespace,
                ["labels"] = labels,
                ["finalizers"] = new JsonArray(MachineFinalizer),
                ["ownerReferences"] = Owned.By(deployment),
            },
            ["spec"] = template.At("spec")?.DeepClone(),
        });
        Order(draft, machine);
    }

    private static void Order(Draft draft, KubeObject machine)
    {
        var ordered = draft.Change(machine, body =>
        {
            body.Set("Provisioning", "status", "phase");
            body.Set(null, "status", "deprecated");
            Conditions.Set(body, "Ready", false, "NotReady", "the machine is on its way", draft.Now);
            Conditions.Set(body, "InfrastructureReady", false, "NotReady", "the machine is on its way", draft.Now);
        });
        draft.Wake(ordered, draft.Now + draft.Faults.NodeJoin);
    }

    private static void Advance(Draft draft, KubeObject machine)
    {
        if (machine.IsTerminating)
            Leave(draft, machine);
        else if (machine.Due <= draft.Now)
            Try(draft, draft.Wake(machine, null));
    }

    private static void Try(Draft draft, KubeObject machine)
    {
        var (size, region) = (SizeOf(machine), RegionOf(machine));
        if (draft.Faults.Shortages.FirstOrDefault(s => s.Covers(size, region)) is { } shortage)
        {
            var left = draft.Faults.Shortages
                .Select(s => ReferenceEquals(s, shortage) ? s with { Times = s.Times - 1 } : s)
                .Where(s => s.Times != 0);
            draft.Faults = draft.Faults with { Shortages = [.. left] };
            Fail(draft, machine, $"no machine of size {size} is to be had in {region} now");
        }
        else if (HasFailed(machine))
        {
            Order(draft, machine);
        }
        else
        {
            Join(draft, machine, size, region);
        }
    }

    private static void Join(Draft draft, KubeObject machine, string size, string region)
    {
        var node = draft.Add(ResourceType.Node, Nodes.New(machine.Name, size, region, machine, draft.Now));
        draft.Change(machine, body =>
        {
            body.Set("Running", "status", "phase");
            body.Set(new JsonObject { ["name"] = node.Name }, "status", "nodeRef");
            foreach (var condition in ConditionsOfRunning)
                Conditions.Set(body, condition, true, condition, "", draft.Now);
        });
        Events.Tell(draft, machine, "Normal", "SuccessfulSetNodeRef", $"the machine has joined as node {node.Name}");
    }

    private static void Fail(Draft draft, KubeObject machine, string message)
    {
        var failed = draft.Change(machine, body =>
        {
            body.Set("Failed", "status", "phase");
            Conditions.Set(body, "InfrastructureReady", false, Shortage, message, draft.Now);
            body.Set(
                new JsonObject { ["failureReason"] = Shortage, ["failureMessage"] = message }, "status", "deprecated", "v1beta1");
        });
        var age = draft.Now - DateTimeOffset.Parse(machine.Body.Text("metadata", "creationTimestamp")!, CultureInfo.InvariantCulture);
        var pause = Math.Clamp(
            age.TotalSeconds, draft.Faults.NodeRetrySeconds, Math.Max(draft.Faults.NodeRetrySeconds, LongestPauseSeconds));
        draft.Wake(failed, draft.Now.AddSeconds(pause));
        Events.Tell(draft, machine, "Warning", Shortage, message);
    }

    /// <summary>
    /// The node takes nothing new, its pods are ended, and once they are gone and the time is over it goes with its machine.
    /// </summary>
    private static void Leave(Draft draft, KubeObject machine)
    {
        if (machine.Status.Text("phase") != "Deleting")
        {
            machine = draft.Change(machine, body => body.Set("Deleting", "status", "phase"));
            machine = draft.Wake(machine, draft.Now + draft.Faults.NodeLeave);
        }
        var node = machine.Status.Text("nodeRef", "name") is { } name ? draft.Find(ResourceType.Node, "", name) : null;
        var left = node is null ? [] : draft.All(ResourceType.Pod).Where(p => p.Spec.Text("nodeName") == node.Name).ToList();
        if (node is { } leaving)
            draft.Change(leaving, body => body.Set(true, "spec", "unschedulable"));
        foreach (var pod in left)
            Deletion.Delete(draft, pod);
        if (machine.Due <= draft.Now)
            machine = draft.Wake(machine, null);
        if (machine.Due is not null || left.Count > 0)
            return;
        if (node is not null && draft.Latest(node) is { } gone)
            draft.Remove(gone);
        draft.Change(machine, body => Deletion.Release(body, MachineFinalizer));
    }

    private static void Report(Draft draft, KubeObject deployment)
    {
        var machines = MachinesOf(draft, deployment);
        var wanted = deployment.Spec.Number("replicas") ?? 1;
        var ready = machines.Count(m => m.Is("Ready") && !m.IsTerminating);
        var failed = machines.Where(HasFailed).ToList();
        var phase = failed.Count > 0 ? "Failed"
            : machines.Count > wanted || deployment.IsTerminating ? "ScalingDown"
            : ready < wanted ? "ScalingUp"
            : "Running";
        draft.Change(deployment, body =>
        {
            body.Set(deployment.Generation, "status", "observedGeneration");
            body.Set($"{DeploymentLabel}={deployment.Name}", "status", "selector");
            body.Set(phase, "status", "phase");
            body.Set(machines.Count, "status", "replicas");
            body.Set(machines.Count, "status", "upToDateReplicas");
            body.Set(ready, "status", "readyReplicas");
            body.Set(ready, "status", "availableReplicas");
            Conditions.Set(body, "Available", ready >= wanted, ready >= wanted ? "Available" : "NotAvailable", "", draft.Now);
            var trouble = string.Join(
                "; ", failed.Select(m => $"Machine {m.Name}: {m.Status.Text("deprecated", "v1beta1", "failureMessage")}"));
            var (allReady, cause) = ready == machines.Count ? (true, "Ready") : (false, failed.Count > 0 ? Shortage : "NotReady");
            Conditions.Set(body, "MachinesReady", allReady, cause, trouble, draft.Now);
            Conditions.Set(body, "ScalingUp", ready < wanted, ready < wanted ? "ScalingUp" : "NotScalingUp", "", draft.Now);
            Conditions.Set(
                body, "ScalingDown", machines.Count > wanted, machines.Count > wanted ? "ScalingDown" : "NotScalingDown", "", draft.Now);
            Conditions.Set(
                body, "Deleting", deployment.IsTerminating, deployment.IsTerminating ? "Deleting" : "NotDeleting", "", draft.Now);
        });
    }

    /// <summary>Templates of machines are named <c>{region}-{size}</c>.</summary>
    private static string SizeOf(KubeObject machine) => TemplateOf(machine).Split('-')[^1];

    private static string RegionOf(KubeObject machine) => string.Join('-', TemplateOf(machine).Split('-')[..^1]);

    private static string TemplateOf(KubeObject machine) => machine.Spec.Text("infrastructureRef", "name") ?? "";
}

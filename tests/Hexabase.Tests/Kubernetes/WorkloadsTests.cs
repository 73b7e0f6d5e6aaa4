using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Tests.Kubernetes;

/// <summary>How an app stands by its deployment and pods (sheet section 5), and how it is moved.</summary>
public sealed class WorkloadsTests
{
    [Fact]
    public void An_app_that_is_up_has_settled()
    {
        var app = Read(Samples.Deployment(), Samples.Pod("web-1", Samples.Shared), Samples.Pod("web-2", Samples.Shared));
        Assert.Equal(new Workload("web", 2, 2, Placement.SharedPool, RolloutPhase.Done, IsPaused: false, ElsewherePods: 0), app);
        Assert.True(app.HasSettled);
    }

    [Theory] // observed generation, replicas, updated, available → the rollout of two replicas in generation 3
    [InlineData(2, 2, 2, 2, RolloutPhase.InProgress)] // not seen yet
    [InlineData(3, 3, 1, 3, RolloutPhase.InProgress)] // updating
    [InlineData(3, 3, 2, 3, RolloutPhase.InProgress)] // old pods ending
    [InlineData(3, 2, 2, 1, RolloutPhase.InProgress)] // not available yet
    [InlineData(3, 0, 0, 0, RolloutPhase.InProgress)] // nothing there yet
    [InlineData(3, 2, 2, 2, RolloutPhase.Done)]
    public void A_rollout_is_done_when_all_pods_are_new_and_available(
        long observed, int replicas, int updated, int available, RolloutPhase expected)
    {
        var status = new DeploymentStatus(observed, replicas, updated, ReadyReplicas: 0, available);
        Assert.Equal(expected, Workloads.Rollout(Samples.Deployment(status: status)));
    }

    [Fact]
    public void A_rollout_that_ran_out_of_time_has_failed_and_says_so()
    {
        var late = new Condition("Progressing", "False", "ProgressDeadlineExceeded", "ReplicaSet has timed out progressing.");
        var app = Read(Samples.Deployment(status: Samples.Settled with { AvailableReplicas = 1 }, conditions: [late]));
        Assert.Equal((RolloutPhase.Failed, "ReplicaSet has timed out progressing."), (app.Rollout, app.FailureMessage));
    }

    [Fact]
    public void A_failure_of_an_earlier_generation_does_not_count()
    {
        var late = new Condition("Progressing", "False", "ProgressDeadlineExceeded");
        var status = Samples.Settled with { ObservedGeneration = 2 };
        Assert.Equal(RolloutPhase.InProgress, Workloads.Rollout(Samples.Deployment(status: status, conditions: [late])));
    }

    [Fact]
    public void A_deployment_that_says_no_number_wants_one_replica()
    {
        var deployment = Samples.Deployment();
        Assert.Equal(1, Read(deployment with { Spec = deployment.Spec with { Replicas = null } }).Replicas);
    }

    [Fact]
    public void Pods_that_ask_for_another_place_are_elsewhere_ending_ones_too()
    {
        var ending = Samples.Pod("web-2", Samples.Shared);
        var app = Read(
            Samples.Deployment(Samples.Dedicated),
            Samples.Pod("web-1", Samples.Shared),
            ending with { Metadata = ending.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } },
            Samples.Pod("web-3", Samples.Dedicated));
        Assert.Equal((Placement.DedicatedNodes, 2, false), (app.Placement, app.ElsewherePods, app.HasSettled));
    }

    [Fact]
    public void Pods_that_are_over_or_of_other_apps_do_not_count()
    {
        var app = Read(
            Samples.Deployment(Samples.Dedicated),
            Samples.Pod("web-1", Samples.Shared, new PodStatus("Failed")),
            Samples.Pod("web-2", Samples.Shared, new PodStatus("Succeeded")),
            Samples.Pod("api-1", Samples.Shared, app: "api"));
        Assert.Equal(0, app.ElsewherePods);
    }

    [Theory]
    [InlineData("ImagePullBackOff")]
    [InlineData("CrashLoopBackOff")]
    [InlineData("CreateContainerConfigError")]
    public void A_pod_that_cannot_start_says_why(string reason)
    {
        var waiting = new ContainerState(new WaitingContainer(reason, "back-off"));
        var status = new PodStatus("Pending", ContainerStatuses: [new ContainerStatus("web", waiting)]);
        Assert.Equal($"web-1: {reason}: back-off", Read(Samples.Deployment(), Samples.Pod("web-1", Samples.Shared, status)).FailureMessage);
    }

    [Fact]
    public void A_container_that_is_being_created_is_no_failure()
    {
        var status = new PodStatus(
            "Pending", ContainerStatuses: [new ContainerStatus("web", new ContainerState(new WaitingContainer("ContainerCreating")))]);
        Assert.Null(Read(Samples.Deployment(), Samples.Pod("web-1", Samples.Shared, status)).FailureMessage);
    }

    [Fact]
    public void A_pod_that_fits_on_no_node_says_so()
    {
        var status = new PodStatus("Pending", [new Condition("PodScheduled", "False", "Unschedulable", "0/3 nodes are available")]);
        Assert.Equal(
            "web-1: Unschedulable: 0/3 nodes are available",
            Read(Samples.Deployment(), Samples.Pod("web-1", Samples.Shared, status)).FailureMessage);
    }

    [Fact]
    public void Pods_that_the_quota_refuses_are_told_from_the_deployment()
    {
        var refused = new Condition("ReplicaFailure", "True", "FailedCreate", "exceeded quota: workspace");
        Assert.Equal("exceeded quota: workspace", Read(Samples.Deployment(conditions: [refused])).FailureMessage);
    }

    [Fact]
    public void A_move_to_where_the_app_already_is_changes_nothing()
    {
        var there = Samples.Deployment(Samples.Dedicated).With(Samples.Surge);
        Assert.Null(Workloads.Move(there, Samples.Ns, Placement.DedicatedNodes));
        Assert.NotNull(Workloads.Move(there, Samples.Ns, Placement.SharedPool));
    }

    [Fact]
    public void A_move_back_takes_the_node_selector_away()
    {
        var patch = Workloads.Move(Samples.Deployment(Samples.Dedicated), Samples.Ns, Placement.SharedPool)!;
        Assert.Equal(
            """{"nodeSelector":{"hexabase.io/workspace":null},"tolerations":[]}""", patch["spec"]!["template"]!["spec"]!.ToJsonString());
    }

    [Fact]
    public void After_a_move_and_back_an_app_has_its_own_strategy_again()
    {
        var moving = After(Samples.Deployment().With(Samples.Quarters), Placement.DedicatedNodes);
        var back = After(moving, Placement.SharedPool);
        Assert.Equal("""{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":0}}""", StrategyOf(back));
        var restored = Merged(back, Workloads.RestoreStrategy(back)!);
        Assert.Equal("""{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}}""", StrategyOf(restored));
        Assert.Null(Workloads.RestoreStrategy(restored));
    }

    [Fact]
    public void A_strategy_that_was_chosen_during_the_move_stays()
    {
        var moving = After(Samples.Deployment().With(Samples.Quarters), Placement.DedicatedNodes).With(Samples.Recreate);
        Assert.Equal("""{"type":"Recreate"}""", StrategyOf(Merged(moving, Workloads.RestoreStrategy(moving)!)));
    }

    [Fact]
    public void An_app_whose_copies_must_not_run_together_keeps_its_strategy_when_it_moves()
    {
        var alone = Samples.Deployment().With(Samples.Recreate);
        Assert.True(Read(alone).RunsAlone);
        var moved = After(alone, Placement.DedicatedNodes);
        Assert.Equal("""{"type":"Recreate"}""", StrategyOf(moved));
        Assert.Null(Workloads.RestoreStrategy(moved));
    }

    [Fact]
    public void Tolerations_of_others_stay_through_every_move()
    {
        var toleration =
            from key in Gen.Elements("gpu", "dedicated", "spot")
            from value in Gen.Elements("a", "ws-a1", "ws-b2", null)
            from effect in Gen.Elements("NoSchedule", "NoExecute", null)
            from seconds in Gen.Elements<long?>(null, 300)
            select new Toleration(key, value is null ? "Exists" : "Equal", value, effect, seconds);
        var cases = from list in toleration.ListOf() from to in Gen.Elements(Enum.GetValues<Placement>()) select (list, to);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var own = Marks.Toleration(Samples.Ns);
            var patch = Workloads.Move(Samples.Deployment(new PodSpec(Tolerations: [.. c.list])), Samples.Ns, c.to)!;
            var tolerations = patch["spec"]!["template"]!["spec"]!["tolerations"]!.ToJsonString();
            var after = KubernetesJson.Read<List<Toleration>>(Encoding.UTF8.GetBytes(tolerations));
            return after.Where(t => t != own).SequenceEqual(c.list.Where(t => t != own))
                && after.Count(t => t == own) == (c.to == Placement.DedicatedNodes ? 1 : 0);
        }).QuickCheckThrowOnFailure();
    }

    [Theory] // labels app=web,tier=front against one requirement
    [InlineData("app", "In", "web", true)]
    [InlineData("app", "In", "api", false)]
    [InlineData("app", "NotIn", "api", true)]
    [InlineData("zone", "NotIn", "a", true)]
    [InlineData("tier", "Exists", null, true)]
    [InlineData("zone", "Exists", null, false)]
    [InlineData("zone", "DoesNotExist", null, true)]
    [InlineData("tier", "DoesNotExist", null, false)]
    public void Selectors_match_as_on_the_cluster(string key, string op, string? value, bool expected)
    {
        var selector = new LabelSelector(MatchExpressions: [new LabelRequirement(key, op, value is null ? null : [value])]);
        Assert.Equal(expected, selector.Matches(Samples.Labels(("app", "web"), ("tier", "front"))));
    }

    [Fact]
    public void Selectors_are_asked_as_they_match() => Assert.Equal(
        "app=web,tier in (front,back),zone notin (a),blue,!green",
        new LabelSelector(
            Samples.Labels(("app", "web")),
            [
                new LabelRequirement("tier", "In", ["front", "back"]),
                new LabelRequirement("zone", "NotIn", ["a"]),
                new LabelRequirement("blue", "Exists"),
                new LabelRequirement("green", "DoesNotExist"),
            ]).ToQuery());

    private static Deployment After(Deployment deployment, Placement to) => Merged(deployment, Workloads.Move(deployment, Samples.Ns, to)!);

    /// <summary>What becomes of it by a merge patch.</summary>
    private static Deployment Merged(Deployment deployment, JsonObject patch)
    {
        var manifest = KubernetesJson.Manifest(deployment);
        Merge(manifest, patch);
        return KubernetesJson.Read<Deployment>(Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject part && target[name] is JsonObject inner)
                Merge(inner, part);
            else
                target[name] = value is JsonObject whole ? Cleared(whole) : value.DeepClone();
        }
    }

    private static JsonObject Cleared(JsonObject patch)
    {
        var made = new JsonObject();
        Merge(made, patch);
        return made;
    }

    private static string StrategyOf(Deployment deployment) => KubernetesJson.Part(deployment.Spec.Strategy).ToJsonString();

    private static Workload Read(Deployment deployment, params Pod[] pods) => Workloads.Read(deployment, pods, Samples.Ns);
}

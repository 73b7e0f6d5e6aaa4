using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Domain.Workspaces;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Kubernetes;

/// <summary>What is sent to the cluster is what docs/kubernetes.md shows, field by field.</summary>
public sealed partial class ManifestTests
{
    private const string Ns = "ws-a1";

    private static readonly ClusterOptions Options = Samples.Options with
    {
        KubernetesVersion = "v1.34.1",
        ControlPlaneCidr = "10.0.0.0/28",
        BackupImage = "registry.example/workspace-backup:1",
    };

    private static readonly Dictionary<string, JsonObject> Documented = ReadDocumentation();

    [Fact]
    public void A_namespace_enforces_restricted_pods_and_says_whose_it_is() => IsDocumented(WorkspaceManifests.Namespace(Samples.Setup));

    [Fact]
    public void A_quota_holds_the_numbers_of_the_plan() => IsDocumented(WorkspaceManifests.Quota(Samples.Setup, Options.StorageClasses));

    [Fact]
    public void A_quota_limits_functions_and_cron_jobs_where_the_plan_has_a_number()
    {
        var hard = WorkspaceManifests.Quota(Samples.Setup with { Functions = 5, CronJobs = 10 }, Options.StorageClasses).Spec.Hard;
        Assert.Equal(("5", "10"), (hard["count/services.serving.knative.dev"], hard["count/cronjobs.batch"]));
    }

    [Theory]
    [InlineData(null, 10)]
    [InlineData(7, 11)]
    public void The_backup_takes_no_cron_job_of_the_plan(int? backupDays, int room)
    {
        var hobby = TestPlans.Product.Workspaces.Hobby;
        Assert.Equal(room, WorkspaceSetup.Of(Ns, "w_a1", "a1", hobby, hobby.Features with { BackupDays = backupDays }).CronJobs);
    }

    [Fact]
    public void Containers_that_say_nothing_get_small_requests_and_limits() => IsDocumented(WorkspaceManifests.Limits(Ns));

    [Fact]
    public void Pods_are_isolated_but_for_names_the_ingress_the_control_plane_and_the_internet() =>
        IsDocumented(WorkspaceManifests.Isolation(Ns, Options.IngressNamespace, Options.ControlPlaneCidr));

    [Fact]
    public void The_default_account_mounts_no_token() => IsDocumented(WorkspaceManifests.Account(Ns));

    [Fact]
    public void A_dedicated_node_is_a_machine_deployment_of_one_replica() => IsDocumented(DedicatedNodes.Manifest(Samples.Node, Options));

    [Fact]
    public void Backups_have_an_account_of_their_own() => IsDocumented(BackupManifests.Account(Ns));

    [Fact]
    public void Backups_may_snapshot_volumes_and_nothing_else() => IsDocumented(BackupManifests.Role(Ns));

    [Fact]
    public void The_role_of_backups_is_bound_to_their_account() => IsDocumented(BackupManifests.Binding(Ns));

    [Fact]
    public void Backups_reach_the_control_plane() => IsDocumented(BackupManifests.ServerAccess(Ns, Options.ControlPlaneCidr!));

    [Fact]
    public void Backups_run_daily_one_at_a_time_and_know_how_long_to_keep()
    {
        var documented = Documented["CronJob/workspace-backup"];
        documented["spec"]!["schedule"] = BackupManifests.DailyAt(Ns);
        Same(documented, KubernetesJson.Manifest(BackupManifests.Schedule(Ns, keepDays: 7, Options.BackupImage)));
    }

    [Fact]
    public void A_move_to_dedicated_nodes_is_the_documented_patch() =>
        Same(Documented["patch"], Workloads.Move(Samples.Deployment().With(Samples.Quarters), Ns, Placement.DedicatedNodes)!);

    [Fact]
    public void Without_a_control_plane_range_only_the_workspace_and_the_ingress_get_in() =>
        Assert.Equal(2, WorkspaceManifests.Isolation(Ns, "ingress", controlPlaneCidr: null).Spec.Ingress!.Count);

    [Fact]
    public void A_kind_of_disk_that_the_cluster_does_not_have_is_refused()
    {
        var onTape = Samples.Setup with { StorageClass = "tape" };
        var e = Assert.Throws<ClusterException>(() => WorkspaceManifests.Quota(onTape, Options.StorageClasses));
        Assert.Equal("NotConfigured", e.Reason);
    }

    [Fact]
    public void Backups_of_many_workspaces_spread_over_four_hours()
    {
        var times = Enumerable.Range(0, 500).Select(i => BackupManifests.DailyAt($"ws-{i}")).ToHashSet(StringComparer.Ordinal);
        Assert.All(times, time => Assert.Matches(@"\A[0-9]{1,2} 1[6-9] \* \* \*\z", time));
        Assert.InRange(times.Count, 150, 240);
    }

    private static void IsDocumented<T>(T made) where T : IKubernetesObject =>
        Same(Documented[$"{T.Type.Kind}/{made.Metadata.Name}"], KubernetesJson.Manifest(made));

    private static void Same(JsonObject expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"documented: {expected.ToJsonString()}\nmade: {actual.ToJsonString()}");

    private static Dictionary<string, JsonObject> ReadDocumentation()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "kubernetes.md"));
        return JsonBlock().Matches(page)
            .Select(block => JsonNode.Parse(block.Groups["json"].Value)!.AsObject())
            .ToDictionary(json => json["kind"] is { } kind ? $"{kind}/{json["metadata"]!["name"]}" : "patch", StringComparer.Ordinal);
    }

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonBlock();
}

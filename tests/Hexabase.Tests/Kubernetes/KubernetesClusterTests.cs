using Hexabase.Domain;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Tests.Kubernetes;

/// <summary>
/// Which calls each operation of the port makes. What they carry is in <see cref="ManifestTests"/> and <see cref="WorkloadsTests"/>.
/// </summary>
public sealed class KubernetesClusterTests
{
    private const string Machines = "apis/cluster.x-k8s.io/v1beta2/namespaces/hexabase-machines";
    private const string Web = "apis/apps/v1/namespaces/ws-a1/deployments/web";

    [Fact]
    public async Task A_workspace_is_closed_before_anything_can_run_in_it()
    {
        await using var cluster = await ScriptedCluster.Start(Said.Ok("{}"));
        await cluster.Cluster().ApplyWorkspace(Samples.Setup, default);
        Assert.Equal(
            [
                "PATCH api/v1/namespaces/ws-a1",
                "PATCH apis/networking.k8s.io/v1/namespaces/ws-a1/networkpolicies/isolate",
                "PATCH api/v1/namespaces/ws-a1/limitranges/workspace",
                "PATCH api/v1/namespaces/ws-a1/resourcequotas/workspace",
                "PATCH api/v1/namespaces/ws-a1/serviceaccounts/default",
            ],
            Calls(cluster));
    }

    [Fact]
    public async Task A_node_is_asked_for_where_the_cluster_object_is_and_no_second_one()
    {
        await using var cluster = await ScriptedCluster.Start(Said.Ok("{}"), Said.Refused(409, "AlreadyExists"));
        await cluster.Cluster().ApplyNode(Samples.Node, default);
        await cluster.Cluster().ApplyNode(Samples.Node with { Size = "large" }, default);
        Assert.Equal([$"POST {Machines}/machinedeployments", $"POST {Machines}/machinedeployments"], Calls(cluster));
    }

    [Fact]
    public async Task A_node_is_read_from_its_deployment_machines_and_kubernetes_node()
    {
        await using var cluster = await ScriptedCluster.Start(Joined);
        Assert.Equal(new NodeState(NodePhase.Joined, "n1"), await cluster.Cluster().ReadNode("ws-a1", "node-1", default));
        Assert.Equal(
            [$"GET {Machines}/machinedeployments/ws-a1-node-1", $"GET {Machines}/machines", "GET api/v1/nodes/n1"], Calls(cluster));
        Assert.Contains("labelSelector=cluster.x-k8s.io%2Fdeployment-name%3Dws-a1-node-1", cluster.Asked[1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_has_joined_is_labelled_and_tainted_unless_it_was_changed_meanwhile()
    {
        await using var cluster = await ScriptedCluster.Start(Joined);
        await cluster.Cluster().PrepareNode("ws-a1", "node-1", default);
        var patch = cluster.Asked[^1];
        Assert.StartsWith("PATCH api/v1/nodes/n1?", patch.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            """
            {"metadata":{"labels":{"hexabase.io/workspace":"ws-a1"},"resourceVersion":"5"},
            "spec":{"taints":[{"key":"dedicated","effect":"NoSchedule","value":"ws-a1"}]}}
            """.ReplaceLineEndings(""),
            patch.Body);
    }

    [Fact]
    public async Task A_node_that_is_gone_is_missing_and_may_be_deleted_again()
    {
        await using var cluster = await ScriptedCluster.Start(Said.NotFound);
        await cluster.Cluster().DeleteNode("ws-a1", "node-1", default);
        Assert.Equal(new NodeState(NodePhase.Missing), await cluster.Cluster().ReadNode("ws-a1", "node-1", default));
    }

    [Fact]
    public async Task Apps_are_the_products_deployments_by_name()
    {
        await using var cluster = await ScriptedCluster.Start(asked => Said.Ok(asked.Path.Contains("/deployments", StringComparison.Ordinal)
            ? $$$"""{"metadata":{},"items":[{{{Deployment("web")}}},{{{Deployment("api")}}}]}"""
            : """{"metadata":{},"items":[]}"""));
        var apps = await cluster.Cluster().ListWorkloads("ws-a1", default);
        Assert.Equal(["api", "web"], apps.Select(app => app.Name));
        Assert.Equal(
            [
                "GET apis/apps/v1/namespaces/ws-a1/deployments?limit=500&labelSelector=app.kubernetes.io%2Fmanaged-by%3Dhexabase",
                "GET api/v1/namespaces/ws-a1/pods?limit=500&fieldSelector=status.phase%21%3DSucceeded%2Cstatus.phase%21%3DFailed",
            ],
            cluster.Asked.Select(asked => asked.ToString()));
    }

    [Fact]
    public async Task Of_an_app_only_its_own_pods_are_read()
    {
        await using var cluster = await ScriptedCluster.Start(asked => Said.Ok(
            asked.Path.Contains("/deployments", StringComparison.Ordinal) ? Deployment("web") : """{"items":[]}"""));
        await cluster.Cluster().ReadWorkload("ws-a1", "web", default);
        Assert.Contains("&labelSelector=app%3Dweb&", cluster.Asked[^1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_apps_than_can_be_taken_care_of_are_refused_and_none_is_forgotten()
    {
        var many = string.Join(',', Enumerable.Range(0, ICluster.MostWorkloads + 1).Select(number => Deployment($"app-{number}")));
        await using var cluster = await ScriptedCluster.Start(Said.Ok($$"""{"items":[{{many}}]}"""));
        var e = await Assert.ThrowsAsync<ClusterException>(() => cluster.Cluster().ListWorkloads("ws-a1", default));
        Assert.Equal("TooMany", e.Reason);
    }

    [Fact]
    public async Task An_app_that_is_not_there_is_null()
    {
        await using var cluster = await ScriptedCluster.Start(Said.NotFound);
        Assert.Null(await cluster.Cluster().ReadWorkload("ws-a1", "web", default));
    }

    [Fact]
    public async Task An_app_is_moved_scaled_and_held_by_patches_of_single_fields()
    {
        await using var cluster = await ScriptedCluster.Start(Said.Ok(Deployment("web")));
        await cluster.Cluster().MoveWorkload("ws-a1", "web", Placement.DedicatedNodes, default);
        await cluster.Cluster().ScaleWorkload("ws-a1", "web", 2, default);
        await cluster.Cluster().PauseRollout("ws-a1", "web", paused: true, default);
        Assert.Equal([$"GET {Web}", $"PATCH {Web}", $"PATCH {Web}/scale", $"PATCH {Web}"], Calls(cluster));
        Assert.Equal(
            ["""{"spec":{"replicas":2}}""", """{"spec":{"paused":true}}"""],
            cluster.Asked.Skip(2).Select(asked => asked.Body));
    }

    [Theory]
    [InlineData(null, "/")]
    [InlineData("/", "/")]
    [InlineData("/health/live", "/health/live")]
    [InlineData("/a b?c", "/a%20b%3Fc")]
    public async Task An_app_is_asked_through_its_service_at_the_path_it_names(string? annotation, string path)
    {
        await using var cluster = await ScriptedCluster.Start(
            asked => Said.Ok(asked.Path.Contains("/proxy/", StringComparison.Ordinal) ? "hello" : Service(annotation)));
        var probe = await cluster.Cluster().ProbeWorkload("ws-a1", "web", default);
        Assert.True(probe!.Succeeded);
        Assert.Null(probe.Error);
        Assert.Equal(
            Uri.UnescapeDataString($"GET api/v1/namespaces/ws-a1/services/web:8080/proxy{path}"),
            Uri.UnescapeDataString(cluster.Asked[^1].ToString()));
    }

    [Theory]
    [InlineData("/../../../../secrets")]
    [InlineData("/a/./b")]
    public async Task A_path_that_leads_away_from_the_app_is_not_asked(string annotation)
    {
        await using var cluster = await ScriptedCluster.Start(Said.Ok(Service(annotation)));
        Assert.False((await cluster.Cluster().ProbeWorkload("ws-a1", "web", default))!.Succeeded);
        Assert.Single(cluster.Asked);
    }

    [Theory]
    [InlineData("/%2e%2e/%2e%2e/secrets")]
    [InlineData("/..%2f..%2fsecrets")]
    public async Task An_escaped_path_does_not_lead_away_either(string annotation)
    {
        await using var cluster = await ScriptedCluster.Start(Said.Ok(Service(annotation)));
        await cluster.Cluster().ProbeWorkload("ws-a1", "web", default);
        Assert.StartsWith("GET api/v1/namespaces/ws-a1/services/web:8080/proxy/", cluster.Asked[^1].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(302, true)]
    [InlineData(401, true)]
    [InlineData(404, true)]
    [InlineData(500, false)]
    [InlineData(502, false)]
    public async Task Anything_below_500_is_an_answer_of_the_app(int status, bool succeeded)
    {
        await using var cluster = await ScriptedCluster.Start(
            asked => asked.Path.Contains("/proxy/", StringComparison.Ordinal) ? new Said(status, "app") : Said.Ok(Service()));
        var probe = await cluster.Cluster().ProbeWorkload("ws-a1", "web", default);
        Assert.Equal((succeeded, 2), (probe!.Succeeded, cluster.Asked.Count));
    }

    [Fact]
    public async Task A_service_without_a_ready_pod_has_not_answered_and_says_why()
    {
        await using var cluster = await ScriptedCluster.Start(asked => asked.Path.Contains("/proxy/", StringComparison.Ordinal)
            ? Said.Refused(503, "ServiceUnavailable", "no endpoints available")
            : Said.Ok(Service()));
        var probe = await cluster.Cluster().ProbeWorkload("ws-a1", "web", default);
        Assert.Equal((false, "503 no endpoints available"), (probe!.Succeeded, probe.Error));
    }

    [Fact]
    public async Task A_proxy_that_this_product_may_not_use_is_no_answer_of_the_app()
    {
        await using var cluster = await ScriptedCluster.Start(asked => asked.Path.Contains("/proxy/", StringComparison.Ordinal)
            ? Said.Refused(403, "Forbidden", "cannot get resource services/proxy")
            : Said.Ok(Service()));
        var e = await Assert.ThrowsAsync<ClusterException>(() => cluster.Cluster().ProbeWorkload("ws-a1", "web", default));
        Assert.Equal("Forbidden", e.Reason);
    }

    [Fact]
    public async Task A_cluster_that_has_too_much_to_do_is_no_failure_of_the_app()
    {
        await using var cluster = await ScriptedCluster.Start(asked => asked.Path.Contains("/proxy/", StringComparison.Ordinal)
            ? Said.Refused(429, "TooManyRequests")
            : Said.Ok(Service()));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => cluster.Cluster().ProbeWorkload("ws-a1", "web", default));
    }

    [Fact]
    public async Task An_app_without_a_service_has_no_visitors()
    {
        await using var cluster = await ScriptedCluster.Start(Said.NotFound);
        Assert.Null(await cluster.Cluster().ProbeWorkload("ws-a1", "web", default));
    }

    [Fact]
    public async Task Backups_are_scheduled_after_what_they_need_is_there()
    {
        await using var cluster = await ScriptedCluster.Start(Said.Ok("{}"));
        await cluster.Cluster(Samples.Options with { ControlPlaneCidr = "10.0.0.0/28" }).ApplyBackups("ws-a1", 7, default);
        Assert.Equal(
            ["serviceaccounts", "roles", "rolebindings", "networkpolicies", "cronjobs"],
            cluster.Asked.Select(asked => asked.Path.Split('/')[^2]));
    }

    [Fact]
    public async Task Backups_that_are_gone_may_be_removed_again()
    {
        await using var cluster = await ScriptedCluster.Start(Said.NotFound);
        await cluster.Cluster().RemoveBackups("ws-a1", default);
        Assert.Equal(
            ["cronjobs", "networkpolicies", "rolebindings", "roles", "serviceaccounts"],
            cluster.Asked.Select(asked => asked.Path.Split('/')[^2]));
    }

    [Fact]
    public async Task What_is_used_is_what_the_quota_counts_and_what_there_is_of_functions_cron_jobs_and_running_builds()
    {
        await using var cluster = await ScriptedCluster.Start(asked => Said.Ok(asked.Path.Split('?')[0].Split('/')[^1] switch
        {
            "workspace" => """
                {"metadata":{"name":"workspace"},"spec":{"hard":{}},
                 "status":{"used":{"requests.cpu":"1250m","requests.memory":"2Gi","requests.storage":"12Gi","pods":"7"}}}
                """,
            "services" => """{"items":[{"metadata":{"name":"f1"}},{"metadata":{"name":"f2"}}]}""",
            "cronjobs" => """{"items":[{"metadata":{"name":"nightly"}},{"metadata":{"name":"workspace-backup"}}]}""",
            _ => """
                {"items":[{"metadata":{"name":"waiting"}},
                 {"metadata":{"name":"running"},"status":{"startTime":"2026-01-15T12:00:00Z"}},
                 {"metadata":{"name":"over"},"status":{"startTime":"2026-01-15T12:00:00Z","completionTime":"2026-01-15T12:05:00Z"}}]}
                """,
        }));
        Assert.Equal(
            new WorkspaceUsage(Functions: 2, CronJobs: 1, Builds: 1, StorageMb: 12288, CpuMillis: 1250, MemoryMb: 2048, Pods: 7),
            await cluster.Cluster().ReadUsage("ws-a1", default));
    }

    [Fact]
    public async Task A_cluster_without_functions_and_builds_has_none()
    {
        await using var cluster = await ScriptedCluster.Start(asked => asked.Path.Split('?')[0].Split('/')[^1] switch
        {
            "workspace" => Said.Ok("""{"metadata":{"name":"workspace"},"spec":{"hard":{}}}"""),
            "cronjobs" => Said.Ok("""{"items":null}"""),
            _ => new Said(404, "404 page not found"),
        });
        Assert.Equal(WorkspaceUsage.None, await cluster.Cluster().ReadUsage("ws-a1", default));
    }

    [Fact]
    public async Task A_workspace_that_was_never_set_up_uses_nothing()
    {
        await using var cluster = await ScriptedCluster.Start(Said.NotFound);
        Assert.Equal(WorkspaceUsage.None, await cluster.Cluster().ReadUsage("ws-a1", default));
        Assert.Single(cluster.Asked);
    }

    [Theory]
    [InlineData("../default")]
    [InlineData("ws.a1")]
    [InlineData("WS")]
    [InlineData("")]
    [InlineData("-ws")]
    public async Task What_is_no_namespace_is_never_asked_for(string ns)
    {
        await using var cluster = await ScriptedCluster.Start(Said.Ok("{}"));
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Cluster().ReadWorkload(ns, "web", default));
        Assert.Empty(cluster.Asked);
    }

    private static IEnumerable<string> Calls(ScriptedCluster cluster) => cluster.Asked.Select(asked => asked.ToString().Split('?')[0]);

    private static Said Joined(Asked asked) => asked.Path.Split('?')[0] switch
    {
        $"{Machines}/machinedeployments/ws-a1-node-1" => Said.Ok("""{"metadata":{"name":"ws-a1-node-1"},"status":{"phase":"Running"}}"""),
        $"{Machines}/machines" => Said.Ok("""{"items":[{"metadata":{"name":"m1"},"status":{"nodeRef":{"name":"n1"}}}]}"""),
        _ => Said.Ok(
            """{"metadata":{"name":"n1","resourceVersion":"5"},"spec":{},"status":{"conditions":[{"type":"Ready","status":"True"}]}}"""),
    };

    private static string Deployment(string name) =>
        $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"selector":{"matchLabels":{"app":"{{{name}}}"} },"template":{"spec":{} } } }""";

    private static string Service(string? probePath = null) => probePath is null
        ? """{"metadata":{"name":"web"},"spec":{"ports":[{"port":8080},{"port":9090}]}}"""
        : $$$"""{"metadata":{"name":"web","annotations":{"hexabase.io/probe-path":"{{{probePath}}}"}},"spec":{"ports":[{"port":8080}]}}""";
}

using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Settings;
using Hexabase.Domain.Workspaces;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;

namespace Hexabase.Tests.Kubernetes;

/// <summary>The product's adapter cannot tell the simulated cluster from a real one.</summary>
public sealed class SimulatorAdapterTests : IAsyncLifetime
{
    private const string Ns = "ws-1";
    private const string NodeName = "dedicated-1";

    private static readonly DedicatedNode Node = new(Ns, "w-1", NodeName, "small", "tokyo", 2, 8);
    private static readonly WorkspaceSetup Setup = new(Ns, "w-1", "a-1", 10, "standard", 2_000, 4_096, 50);

    private SimulatorHost host = null!;
    private ServiceProvider services = null!;

    private ICluster Cluster => services.GetRequiredService<ICluster>();

    public async Task InitializeAsync()
    {
        host = await SimulatorHost.Start();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Cluster:Server"] = new Uri(host.Address, KubernetesPath).ToString(),
            ["Cluster:Token"] = SimulatorHost.Token,
            ["Cluster:InfrastructureKind"] = "SimulatedMachineTemplate",
            ["Cluster:BackupImage"] = "registry.localhost/workspace-backup:1",
        };
        var development = new HostingEnvironment { EnvironmentName = "Development" };
        services = new ServiceCollection()
            .AddLogging()
            .AddCluster(SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), s => ClusterSettings.Read(s, development)))
            .BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await services.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task An_app_moves_to_a_dedicated_node_and_never_has_fewer_ready_replicas()
    {
        await Cluster.ApplyWorkspace(Setup, CancellationToken.None);
        await host.Deploy(Ns, "web", 3);
        await Join();

        await Cluster.MoveWorkload(Ns, "web", Placement.DedicatedNodes, CancellationToken.None);
        for (var step = 0; step < 10; step++)
        {
            host.Wait(0.5);
            Assert.True((await Cluster.ProbeWorkload(Ns, "web", CancellationToken.None))!.Succeeded);
        }

        var moved = await Cluster.ReadWorkload(Ns, "web", CancellationToken.None);
        Assert.True(moved is { HasSettled: true, Ready: 3, Placement: Placement.DedicatedNodes }, $"{moved}");
        var node = (await Cluster.ReadNode(Ns, NodeName, CancellationToken.None)).NodeName;
        Assert.All(await host.Pods(Ns), pod => Assert.Equal(node, (string?)pod["spec"]!["nodeName"]));
        Assert.Equal(3, (int)(await host.Admin(HttpMethod.Get, "readiness")).Body["ws-1/web"]!["ready"]!);
    }

    [Fact]
    public async Task A_shortage_is_read_as_one_and_ends_when_it_is_lifted()
    {
        await host.Faults("""{"shortages":[{"size":"small"}]}""");
        await Cluster.ApplyWorkspace(Setup, CancellationToken.None);
        await Cluster.ApplyNode(Node, CancellationToken.None);
        host.Wait(5);
        Assert.True(await State() is { Phase: NodePhase.Failed, Reason: NodeState.Shortage });
        await host.Admin(HttpMethod.Delete, "faults");
        Assert.Equal(NodePhase.Provisioning, (await State()).Phase);
        host.Wait(5);
        Assert.Equal(NodePhase.Joined, (await State()).Phase);
    }

    [Fact]
    public async Task A_rollout_that_cannot_get_ready_is_told_with_its_cause_and_can_be_taken_back()
    {
        await Cluster.ApplyWorkspace(Setup, CancellationToken.None);
        await host.Deploy(Ns, "web", 2);
        await Join();
        await host.Faults("""{"pods":[{"symptom":"image_pull","node_kind":"dedicated"}]}""");
        await Cluster.MoveWorkload(Ns, "web", Placement.DedicatedNodes, CancellationToken.None);
        host.Wait(600);
        var stuck = await Cluster.ReadWorkload(Ns, "web", CancellationToken.None);
        Assert.True(stuck is { Rollout: RolloutPhase.Failed, Ready: 2 }, $"{stuck}");
        Assert.Contains("ImagePullBackOff", stuck.FailureMessage, StringComparison.Ordinal);

        await Cluster.MoveWorkload(Ns, "web", Placement.SharedPool, CancellationToken.None);
        host.Wait(2);
        var back = await Cluster.ReadWorkload(Ns, "web", CancellationToken.None);
        Assert.True(back is { HasSettled: true, Ready: 2, Placement: Placement.SharedPool }, $"{back}");
    }

    private static string KubernetesPath => Hexabase.Local.Simulators.Kubernetes.KubernetesSimulatorModule.Path;

    private async Task Join()
    {
        await Cluster.ApplyNode(Node, CancellationToken.None);
        host.Wait(5);
        await Cluster.PrepareNode(Ns, NodeName, CancellationToken.None);
        Assert.Equal(NodePhase.Ready, (await State()).Phase);
    }

    private Task<NodeState> State() => Cluster.ReadNode(Ns, NodeName, CancellationToken.None);
}

using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Settings;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces;
using Hexabase.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Moq;

namespace Hexabase.Tests.Kubernetes;

/// <summary>What an app makes of the settings of the section Cluster when it starts.</summary>
public sealed class KubernetesServicesTests
{
    private static readonly (string Key, string Value)[] Complete =
    [
        ("Server", "https://cluster.example"), ("Token", "t"), ("InfrastructureKind", "AWSMachineTemplate"), ("BackupImage", "backup:1"),
    ];

    [Fact]
    public void With_all_that_is_required_there_is_a_cluster() => Assert.IsType<KubernetesCluster>(Add(Complete));

    [Fact]
    public async Task Without_any_setting_the_app_starts_and_says_that_there_is_no_cluster() =>
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => Add([]).ReadWorkload("ws-a1", "web", default));

    [Theory]
    [InlineData("InfrastructureKind")]
    [InlineData("BackupImage")]
    public void What_an_upgrade_would_miss_only_after_its_payment_is_missed_at_start(string setting)
    {
        var problem = Assert.Single(Problems([.. Complete.Where(s => s.Key != setting)]));
        Assert.StartsWith($"Cluster__{setting} is missing: ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MachineNamespace", "../x")]
    [InlineData("IngressNamespace", "A")]
    [InlineData("ControlPlaneCidr", "10.0.0.0")]
    public void What_cannot_be_used_is_refused_at_start(string setting, string value)
    {
        var problem = Assert.Single(Problems([.. Complete, (setting, value)]));
        Assert.StartsWith($"Cluster__{setting} is malformed: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Storage_classes_of_the_cluster_have_the_names_that_the_settings_give()
    {
        var settings = Read([.. Complete, ("StorageClasses:ssd", "gp3"), ("StorageClasses:standard", "st1")]);
        var quota = WorkspaceManifests.Quota(Samples.Setup, settings!.Options.StorageClasses).Spec.Hard;
        Assert.Equal(
            ("100Gi", "0"),
            (quota["gp3.storageclass.storage.k8s.io/requests.storage"], quota["st1.storageclass.storage.k8s.io/requests.storage"]));
    }

    [Fact]
    public void A_server_that_nobody_verifies_is_not_for_production()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.File("config"),
            """
            current-context: c
            contexts: [{name: c, context: {cluster: k, user: u} }]
            clusters: [{name: k, cluster: {server: "https://cluster.example", insecure-skip-tls-verify: true} }]
            users: [{name: u, user: {token: t} }]
            """);
        (string, string)[] settings = [.. Complete.Skip(2), ("Kubeconfig", folder.File("config"))];
        Assert.IsType<KubernetesCluster>(Add(settings, Environments.Development));
        Assert.Single(Problems(settings));
    }

    private static ICluster Add((string Key, string Value)[] settings, string environment = "Production") => new ServiceCollection()
        .AddLogging().AddCluster(Read(settings, environment)).BuildServiceProvider().GetRequiredService<ICluster>();

    private static IReadOnlyList<string> Problems((string Key, string Value)[] settings) =>
        Assert.Throws<InvalidSettingsException>(() => Read(settings)).Problems;

    private static ClusterSettings? Read((string Key, string Value)[] settings, string environment = "Production")
    {
        var host = Mock.Of<IHostEnvironment>(h => h.EnvironmentName == environment);
        return Given.Read(reader => ClusterSettings.Read(reader, host), settings.Select(s => ($"Cluster__{s.Key}", (string?)s.Value)));
    }
}

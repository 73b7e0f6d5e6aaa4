using System.Security.Cryptography.X509Certificates;
using System.Text;
using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Kubernetes.Connection;
using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Adapters.Settings;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Kubernetes;

/// <summary>
/// Who is trusted, and how the product shows who it is (sheet section 3), against a server with a certificate of an authority of its own.
/// </summary>
public sealed class ClusterConnectionTests : IDisposable
{
    private readonly Authority authority = new();
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_server_whose_certificate_is_from_the_clusters_authority_is_trusted()
    {
        await using var server = await Server("127.0.0.1");
        Assert.Equal("nobody Bearer t", await Caller(Settings(server, authority.Pem)));
    }

    [Fact]
    public async Task A_server_whose_certificate_is_from_another_authority_is_refused()
    {
        using var other = new Authority();
        await using var server = await Server("127.0.0.1");
        await IsRefused(Settings(server, other.Pem));
    }

    [Fact]
    public async Task A_server_whose_certificate_is_for_another_host_is_refused()
    {
        await using var server = await Server("other.example");
        await IsRefused(Settings(server, authority.Pem));
    }

    [Fact]
    public async Task Without_an_authority_of_the_cluster_only_those_of_the_system_are_trusted()
    {
        await using var server = await Server("127.0.0.1");
        await IsRefused(Settings(server, ca: null));
    }

    [Fact]
    public async Task The_name_that_the_certificate_must_have_may_differ_from_the_address()
    {
        await using var server = await Server("cluster.example");
        var cluster = $"certificate-authority-data: {Base64(authority.Pem)}, tls-server-name: cluster.example";
        Assert.Equal("nobody Bearer t", await Caller(Kubeconfig(server, cluster, "token: t")));
        await IsRefused(Kubeconfig(server, cluster.Replace("cluster.example", "wrong.example", StringComparison.Ordinal), "token: t"));
    }

    [Fact]
    public async Task A_client_certificate_of_a_kubeconfig_is_shown()
    {
        await using var server = await Server("127.0.0.1");
        using var client = authority.Issue("hexabase");
        var certificate = Base64(client.ExportCertificatePem());
        var key = Base64(client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var user = $"client-certificate-data: {certificate}, client-key-data: {key}";
        Assert.Equal("CN=hexabase", await Caller(Kubeconfig(server, $"certificate-authority-data: {Base64(authority.Pem)}", user)));
    }

    [Fact]
    public async Task Verification_is_skipped_where_a_kubeconfig_asks_for_it()
    {
        await using var server = await Server("other.example");
        var connection = Kubeconfig(server, "insecure-skip-tls-verify: true", "token: t");
        Assert.True(connection.SkipsVerification);
        Assert.Equal("nobody Bearer t", await Caller(connection));
    }

    [Fact]
    public async Task In_a_cluster_authority_and_token_are_files_of_the_service_account()
    {
        await using var server = await Server("127.0.0.1");
        await File.WriteAllTextAsync(folder.File("ca.crt"), authority.Pem);
        await File.WriteAllTextAsync(folder.File("token"), "of-the-account\n");
        var connection = ClusterConnection.InCluster("127.0.0.1", new Uri(server.Address).Port, folder.Path, TimeProvider.System);
        Assert.Equal("nobody Bearer of-the-account", await Caller(connection));
    }

    [Fact]
    public void The_address_of_the_cluster_may_be_IPv6()
    {
        File.WriteAllText(folder.File("ca.crt"), authority.Pem);
        var connection = ClusterConnection.InCluster("fd00::1", 6443, folder.Path, TimeProvider.System);
        Assert.Equal("https://[fd00::1]:6443/", connection.Server.ToString());
    }

    [Theory]
    [InlineData("http://10.0.0.1:6443")]
    [InlineData("http://cluster.example")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("cluster")]
    public void A_server_where_the_token_would_travel_in_the_clear_is_refused(string server) =>
        Assert.Throws<InvalidSettingsException>(() => Read(("Server", server), ("Token", "t")));

    [Theory]
    [InlineData("http://127.0.0.1:8080/simulators/kubernetes")]
    [InlineData("http://localhost:8080/simulators/kubernetes/")]
    public void On_this_machine_http_will_do(string server) =>
        Assert.EndsWith("/simulators/kubernetes/", Read(("Server", server), ("Token", "t")).Server.ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_server_needs_a_token() => Assert.Throws<InvalidSettingsException>(() => Read(("Server", "https://cluster.example")));

    [Fact]
    public void A_file_without_certificates_is_refused()
    {
        File.WriteAllText(folder.File("ca"), "nothing here");
        Assert.Throws<InvalidSettingsException>(
            () => Read(("Server", "https://c.example"), ("Token", "t"), ("CaFile", folder.File("ca"))));
    }

    public void Dispose()
    {
        authority.Dispose();
        folder.Dispose();
    }

    private async Task<TlsServer> Server(string name) => await TlsServer.Start(authority.Issue(name));

    private ClusterConnection Settings(TlsServer server, string? ca)
    {
        if (ca is null)
            return Read(("Server", server.Address), ("Token", "t"));
        File.WriteAllText(folder.File("ca.pem"), ca);
        return Read(("Server", server.Address), ("Token", "t"), ("CaFile", folder.File("ca.pem")));
    }

    private ClusterConnection Kubeconfig(TlsServer server, string cluster, string user) => Adapters.Kubernetes.Connection.Kubeconfig.Parse(
        $$"""
        current-context: c
        contexts: [{name: c, context: {cluster: k, user: u} }]
        clusters: [{name: k, cluster: {server: "{{server.Address}}", {{cluster}}} }]
        users: [{name: u, user: { {{user}} } }]
        """,
        folder.Path,
        TimeProvider.System);

    private static ClusterConnection Read(params (string Name, string? Value)[] settings) => Given.Read(
        reader => ClusterConnection.Read(reader.Section("Cluster"), TimeProvider.System)!,
        settings.Select(s => ($"Cluster__{s.Name}", s.Value)));

    private static async Task<string> Caller(ClusterConnection connection)
    {
        using var api = new KubernetesApi(connection, TimeProvider.System);
        return (await api.Get<Pod>("ws-a1", "p", default))!.Metadata.Name;
    }

    private static async Task IsRefused(ClusterConnection connection)
    {
        using var http = connection.NewHttpClient();
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("version", UriKind.Relative)));
        Assert.Equal(HttpRequestError.SecureConnectionError, e.HttpRequestError);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}

using Hexabase.Adapters.Kubernetes.Connection;
using Hexabase.Adapters.Settings;
using Hexabase.Domain;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Kubernetes;

/// <summary>Kubeconfig files as they are found, and what is said about those that cannot be used.</summary>
public sealed class KubeconfigTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task The_current_context_says_which_cluster_and_which_user()
    {
        var connection = Parse(
            """
            apiVersion: v1
            kind: Config
            preferences: {}
            current-context: second
            contexts:
            - name: first
              context: {cluster: a, user: x}
            - name: second
              context: {cluster: b, user: y, namespace: ignored}
            clusters:
            - name: a
              cluster: {server: "https://a.example:6443"}
            - name: b
              cluster: {server: "https://b.example:6443", extensions: [{name: e}]}
            users:
            - name: x
              user: {token: of-x}
            - name: y
              user: {token: of-y}
            """);
        Assert.Equal(("https://b.example:6443/", "of-y"), (connection.Server.ToString(), await connection.Tokens!.Get(default)));
        Assert.False(connection.SkipsVerification);
    }

    [Fact]
    public async Task Paths_are_relative_to_the_file()
    {
        await File.WriteAllTextAsync(folder.File("token"), " of-file\n");
        await File.WriteAllTextAsync(folder.File("config"), One(user: "tokenFile: token"));
        Assert.Equal("of-file", await Kubeconfig.Read(folder.File("config"), TimeProvider.System).Tokens!.Get(default));
    }

    [Fact]
    public async Task A_plugin_gives_the_token_and_its_arguments_and_environment_count()
    {
        var exec = await Plugin("""printf '{"kind":"ExecCredential","status":{"token":"%s-%s"}}' "$1" "$WHO" """);
        var connection = Parse(One(user: $$"""exec: { {{exec}}, env: [{name: WHO, value: me}] }"""));
        Assert.Equal("get-me", await connection.Tokens!.Get(default));
    }

    [Theory]
    [InlineData("exit 3")]
    [InlineData("echo nothing")]
    [InlineData("""echo '{"kind":"ExecCredential","status":{"clientCertificateData":"x"}}'""")]
    public async Task A_plugin_that_gives_no_token_means_that_the_cluster_is_not_available(string script)
    {
        var connection = Parse(One(user: $$"""exec: { {{await Plugin(script)}} }"""));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => connection.Tokens!.Get(default));
    }

    [Fact]
    public async Task A_plugin_that_is_not_there_means_that_the_cluster_is_not_available()
    {
        var connection = Parse(One(user: "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./none}"));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => connection.Tokens!.Get(default));
    }

    [Fact]
    public void A_token_of_a_plugin_is_read_again_before_it_is_over()
    {
        var token = CredentialPlugin.Read(
            """{"kind":"ExecCredential","status":{"token":"t","expirationTimestamp":"2026-01-15T12:01:00Z"}}"""u8.ToArray());
        Assert.Equal(new DateTimeOffset(2026, 1, 15, 12, 0, 30, TimeSpan.Zero), token.ReadAgainAt);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a: [", "no YAML")]
    [InlineData("current-context: x", "no context 'x'")]
    [InlineData("{current-context: c, contexts: [{name: c, context: {cluster: k, user: u}}]}", "no cluster 'k'")]
    [InlineData("{current-context: c, contexts: [{name: c, context: {cluster: k}}], clusters: [{name: k}]}", "no user ''")]
    public void A_file_that_cannot_be_used_is_refused_with_the_reason(string yaml, string reason) => IsRefused(yaml, reason);

    [Theory]
    [InlineData("client-certificate-data: aGk=", "not both")]
    [InlineData("client-certificate-data: '%', client-key-data: aGk=", "no base64")]
    [InlineData("client-certificate-data: aGk=, client-key-data: aGk=", "client certificate and key")]
    [InlineData("exec: {apiVersion: v1}", "no command")]
    public void A_user_that_cannot_be_used_is_refused_with_the_reason(string user, string reason) => IsRefused(One(user), reason);

    [Fact]
    public void A_server_without_TLS_is_refused() => IsRefused(One("token: t", server: "http://cluster.example"), "must be an https address");

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Assert.Throws<InvalidSettingsException>(() => Kubeconfig.Read(folder.File("none"), TimeProvider.System));

    public void Dispose() => folder.Dispose();

    private static string One(string user, string server = "https://cluster.example") =>
        $$"""
        current-context: c
        contexts: [{name: c, context: {cluster: k, user: u} }]
        clusters: [{name: k, cluster: {server: "{{server}}"} }]
        users: [{name: u, user: { {{user}} } }]
        """;

    private async Task<string> Plugin(string script)
    {
        await File.WriteAllTextAsync(folder.File("plugin.sh"), script + "\n");
        return "apiVersion: client.authentication.k8s.io/v1, command: sh, args: [" + folder.File("plugin.sh") + ", get]";
    }

    private void IsRefused(string yaml, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidSettingsException>(() => Parse(yaml)).Message, StringComparison.Ordinal);

    private ClusterConnection Parse(string yaml) => Kubeconfig.Parse(yaml, folder.Path, TimeProvider.System);
}

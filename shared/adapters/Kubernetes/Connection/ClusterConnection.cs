using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hexabase.Adapters.Settings;

namespace Hexabase.Adapters.Kubernetes.Connection;

/// <summary>Where the cluster's API is, whom to trust there, and what this product shows to be let in.</summary>
/// <param name="Server">https, or http on this machine.</param>
/// <param name="Authorities">What the server's certificate must come from, and nothing else; null for what the system trusts.</param>
/// <param name="Tokens">Null where a certificate, or nothing, lets in.</param>
/// <param name="ServerName">The name that the server's certificate must have, where it is not the server's address.</param>
/// <param name="SkipsVerification">Whoever answers is taken for the server. Not in production.</param>
internal sealed record ClusterConnection(
    Uri Server,
    X509Certificate2Collection? Authorities = null,
    BearerTokens? Tokens = null,
    X509Certificate2? ClientCertificate = null,
    string? ServerName = null,
    bool SkipsVerification = false)
{
    private const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>New addresses of the server are found within this time.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The setting <c>Kubeconfig</c> (a path), else <c>Server</c> with <c>Token</c> or <c>TokenFile</c> and perhaps <c>CaFile</c>, else the
    /// cluster that this runs in.
    /// </summary>
    /// <param name="section">Section <c>Cluster</c>.</param>
    /// <returns>Null where no setting says that there is a cluster, or one of them cannot be used.</returns>
    public static ClusterConnection? Read(SettingsReader section, TimeProvider clock)
    {
        var kubeconfig = section.Optional("Kubeconfig", SettingKinds.Text("the path of a kubeconfig file"));
        var server = section.Optional("Server", SettingKinds.SafeAddress("the address of the cluster's API"));
        var ca = section.Optional("CaFile", SettingKinds.Text("the path of a file with certificates in PEM"));
        var tokenFile = section.Optional("TokenFile", SettingKinds.Text("the path of a file with a token"));
        var token = section.RequiredIf(
            server is not null && kubeconfig is null && tokenFile is null,
            "Token",
            SettingKinds.Secret("the token for Cluster__Server, or Cluster__TokenFile in its place"));
        return section.Try(() => (kubeconfig, server) switch
        {
            ({ } file, _) => Kubeconfig.Read(file, clock),
            (_, { } address) => new ClusterConnection(
                WithSlash(address), ca is null ? null : AuthoritiesIn(ca, "Cluster__CaFile"), TokensOf(token, tokenFile, clock)),
            _ when section.HasAny && !section.Has("Server") => InThisCluster(clock),
            _ => null,
        });
    }

    private static ClusterConnection InThisCluster(TimeProvider clock)
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        return host is { Length: > 0 } && ushort.TryParse(port, out var number)
            ? InCluster(host, number, ServiceAccountFolder, clock)
            : throw new InvalidSettingsException(
                "Cluster__Kubeconfig or Cluster__Server is missing: other settings of Cluster are there, and this runs in no cluster.");
    }

    /// <exception cref="InvalidSettingsException">The files of the service account are not there.</exception>
    internal static ClusterConnection InCluster(string host, int port, string folder, TimeProvider clock) => new(
        new UriBuilder(Uri.UriSchemeHttps, host, port).Uri,
        AuthoritiesIn(Path.Combine(folder, "ca.crt"), "The service account of this pod"),
        BearerTokens.FromFile(Path.Combine(folder, "token"), clock));

    /// <summary>Paths of the API are relative to it.</summary>
    internal static Uri WithSlash(Uri server) => new($"{server.AbsoluteUri.TrimEnd('/')}/");

    internal static BearerTokens? TokensOf(string? token, string? tokenFile, TimeProvider clock) => (token, tokenFile) switch
    {
        ({ Length: > 0 }, _) => BearerTokens.Always(token),
        (_, { Length: > 0 }) => BearerTokens.FromFile(tokenFile, clock),
        _ => null,
    };

    /// <param name="source">Who names the file.</param>
    /// <exception cref="InvalidSettingsException">The file cannot be read, or holds no certificate.</exception>
    internal static X509Certificate2Collection AuthoritiesIn(string file, string source)
    {
        try
        {
            return AuthoritiesOf(File.ReadAllText(file), source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException($"{source} cannot be used: the file of the cluster's authority cannot be read.");
        }
    }

    /// <param name="source">Who names the certificates.</param>
    /// <exception cref="InvalidSettingsException">No certificate.</exception>
    internal static X509Certificate2Collection AuthoritiesOf(string pem, string source)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            authorities.Clear();
        }

        // With none nothing would be trusted, and every call would say so in words that lead elsewhere.
        return authorities.Count > 0
            ? authorities
            : throw new InvalidSettingsException($"{source} cannot be used: there is no certificate of the cluster's authority in PEM.");
    }

    public HttpClient NewHttpClient()
    {
        var tls = new SslClientAuthenticationOptions();
        if (Authorities is not null)
        {
            // A cluster's own authority publishes no revocations.
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities);
        }
        if (ClientCertificate is not null)
            tls.ClientCertificates = [ClientCertificate];
#pragma warning disable CA5359 // Asked for in so many words by a kubeconfig file, and refused in production.
        if (SkipsVerification)
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        var handler = new SocketsHttpHandler
        {
            SslOptions = tls,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            AutomaticDecompression = DecompressionMethods.All,
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        var http = new HttpClient(handler) { BaseAddress = Server };
        if (ServerName is not null)
            http.DefaultRequestHeaders.Host = ServerName; // The handler checks the certificate against the name in this header.
        return http;
    }
}

using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

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
    /// <exception cref="InvalidOperationException">A setting, or a file that it names, cannot be used, or there is none and this runs in no cluster.</exception>
    public static ClusterConnection Read(IConfiguration settings, TimeProvider clock)
    {
        if (settings["Kubeconfig"] is { Length: > 0 } kubeconfig)
            return Kubeconfig.Read(kubeconfig, clock);
        if (settings["Server"] is { Length: > 0 } server)
        {
            return new ClusterConnection(
                ServerAddress(server),
                settings["CaFile"] is { Length: > 0 } file ? AuthoritiesIn(file) : null,
                TokensOf(settings["Token"], settings["TokenFile"], clock)
                    ?? throw new InvalidOperationException("Cluster__Server needs Cluster__Token or Cluster__TokenFile."));
        }
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        if (host is not { Length: > 0 } || !ushort.TryParse(port, out var number))
            throw new InvalidOperationException("Neither Cluster__Kubeconfig nor Cluster__Server is set, and this runs in no cluster.");
        return InCluster(host, number, ServiceAccountFolder, clock);
    }

    /// <exception cref="InvalidOperationException">The files of the service account are not there.</exception>
    internal static ClusterConnection InCluster(string host, int port, string folder, TimeProvider clock) => new(
        new UriBuilder(Uri.UriSchemeHttps, host, port).Uri,
        AuthoritiesIn(Path.Combine(folder, "ca.crt")),
        BearerTokens.FromFile(Path.Combine(folder, "token"), clock));

    /// <exception cref="InvalidOperationException">No address, or one where tokens would travel in the clear.</exception>
    internal static Uri ServerAddress(string text)
    {
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var server)
            || (server.Scheme != Uri.UriSchemeHttps && server.Scheme != Uri.UriSchemeHttp))
        {
            throw new InvalidOperationException($"The cluster's server is no http address: {text}");
        }
        if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback)
            throw new InvalidOperationException($"The cluster's server must be https, unless it is on this machine: {text}");
        return server;
    }

    internal static BearerTokens? TokensOf(string? token, string? tokenFile, TimeProvider clock) => (token, tokenFile) switch
    {
        ({ Length: > 0 }, _) => BearerTokens.Always(token),
        (_, { Length: > 0 }) => BearerTokens.FromFile(tokenFile, clock),
        _ => null,
    };

    /// <exception cref="InvalidOperationException">The file cannot be read, or holds no certificate.</exception>
    internal static X509Certificate2Collection AuthoritiesIn(string file)
    {
        try
        {
            return AuthoritiesOf(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The certificates of the cluster's authority cannot be read: {file}", e);
        }
    }

    /// <exception cref="InvalidOperationException">No certificate.</exception>
    internal static X509Certificate2Collection AuthoritiesOf(string pem)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new InvalidOperationException("The certificates of the cluster's authority cannot be used.", e);
        }

        // With none nothing would be trusted, and every call would say so in words that lead elsewhere.
        return authorities.Count > 0
            ? authorities
            : throw new InvalidOperationException("There is no certificate of the cluster's authority.");
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

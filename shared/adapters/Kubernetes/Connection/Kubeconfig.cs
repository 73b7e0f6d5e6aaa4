using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Hexabase.Adapters.Settings;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Hexabase.Adapters.Kubernetes.Connection;

/// <summary>
/// A kubeconfig file, read as kubectl does: the current context says which server and which user. Paths in it are relative to it.
/// </summary>
internal static class Kubeconfig
{
    private const string Setting = "Cluster__Kubeconfig";

    /// <exception cref="InvalidSettingsException">The file, or something in its current context, cannot be used.</exception>
    public static ClusterConnection Read(string path, TimeProvider clock)
    {
        try
        {
            return Parse(File.ReadAllText(path), Path.GetDirectoryName(Path.GetFullPath(path))!, clock);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unusable("the file, or one that it names, cannot be read");
        }
    }

    /// <inheritdoc cref="Read"/>
    internal static ClusterConnection Parse(string yaml, string folder, TimeProvider clock)
    {
        var config = Deserialize(yaml);
        var context = Find(config.Contexts, config.CurrentContext, "context").Context;
        var cluster = Find(config.Clusters, context?.Cluster, "cluster").Cluster ?? new ClusterSection();
        var user = Find(config.Users, context?.User, "user").User ?? new UserSection();
        return new ClusterConnection(
            Server(cluster.Server ?? throw Unusable("the cluster has no server")),
            Authorities(cluster, folder),
            Tokens(user, folder, clock),
            ClientCertificate(user, folder),
            cluster.TlsServerName,
            cluster.InsecureSkipTlsVerify);
    }

    private static Uri Server(string text)
    {
        try
        {
            return ClusterConnection.WithSlash(SettingKinds.SafeAddress("").Parse(text));
        }
        catch (FormatException)
        {
            throw Unusable("the cluster's server must be an https address, or an http address of this machine");
        }
    }

    private static Document Deserialize(string yaml)
    {
        var reader = new DeserializerBuilder()
            .WithNamingConvention(HyphenatedNamingConvention.Instance)
            .IgnoreUnmatchedProperties()
            .Build();
        try
        {
            return reader.Deserialize<Document?>(yaml) ?? throw Unusable("it is empty");
        }
        catch (YamlException e)
        {
            throw Unusable($"it is no YAML of that kind (line {e.Start.Line})");
        }
    }

    private static T Find<T>(List<T> entries, string? name, string what) where T : Entry =>
        entries.Find(entry => entry.Name == name) ?? throw Unusable($"it has no {what} '{name}'");

    private static X509Certificate2Collection? Authorities(ClusterSection cluster, string folder) => cluster switch
    {
        { CertificateAuthorityData: { Length: > 0 } data } => ClusterConnection.AuthoritiesOf(Text(data, "certificate-authority-data"), Setting),
        { CertificateAuthority: { Length: > 0 } file } => ClusterConnection.AuthoritiesIn(Path.Combine(folder, file), Setting),
        _ => null,
    };

    private static BearerTokens? Tokens(UserSection user, string folder, TimeProvider clock)
    {
        if (user.Exec is not { } exec)
            return ClusterConnection.TokensOf(user.Token, user.TokenFile is null ? null : Path.Combine(folder, user.TokenFile), clock);
        var command = exec.Command ?? throw Unusable("the user's exec has no command");
        var plugin = new CredentialPlugin(
            exec.ApiVersion ?? throw Unusable("the user's exec has no apiVersion"),
            command.Contains('/', StringComparison.Ordinal) ? Path.Combine(folder, command) : command,
            exec.Args ?? [],
            (exec.Env ?? []).ToDictionary(variable => variable.Name ?? "", variable => variable.Value ?? "", StringComparer.Ordinal));
        return new BearerTokens(ct => plugin.Run(clock, ct), clock);
    }

    private static X509Certificate2? ClientCertificate(UserSection user, string folder)
    {
        var certificate = Pem(user.ClientCertificateData, user.ClientCertificate, folder, "client-certificate");
        var key = Pem(user.ClientKeyData, user.ClientKey, folder, "client-key");
        if (certificate is null && key is null)
            return null;
        if (certificate is null || key is null)
            throw Unusable("the user has a client certificate or its key, but not both");
        try
        {
            // Not every platform signs with a key that came as PEM, and every one does with PKCS#12.
            using var pem = X509Certificate2.CreateFromPem(certificate, key);
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (CryptographicException)
        {
            throw Unusable("the user's client certificate and key are not such, or do not belong together");
        }
    }

    private static string? Pem(string? data, string? file, string folder, string what) => (data, file) switch
    {
        ({ Length: > 0 }, _) => Text(data, what + "-data"),
        (_, { Length: > 0 }) => File.ReadAllText(Path.Combine(folder, file)),
        _ => null,
    };

    private static string Text(string base64, string what)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(base64));
        }
        catch (FormatException)
        {
            throw Unusable($"{what} is no base64");
        }
    }

    private static InvalidSettingsException Unusable(string why) => new($"{Setting} cannot be used: {why}.");

    private sealed class Document
    {
        public string? CurrentContext { get; set; }

        public List<ContextEntry> Contexts { get; set; } = [];

        public List<ClusterEntry> Clusters { get; set; } = [];

        public List<UserEntry> Users { get; set; } = [];
    }

    private abstract class Entry
    {
        public string? Name { get; set; }
    }

    private sealed class ContextEntry : Entry
    {
        public ContextSection? Context { get; set; }
    }

    private sealed class ClusterEntry : Entry
    {
        public ClusterSection? Cluster { get; set; }
    }

    private sealed class UserEntry : Entry
    {
        public UserSection? User { get; set; }
    }

    private sealed class ContextSection
    {
        public string? Cluster { get; set; }

        public string? User { get; set; }
    }

    private sealed class ClusterSection
    {
        public string? Server { get; set; }

        public string? CertificateAuthorityData { get; set; }

        public string? CertificateAuthority { get; set; }

        public string? TlsServerName { get; set; }

        public bool InsecureSkipTlsVerify { get; set; }
    }

    private sealed class UserSection
    {
        public string? Token { get; set; }

        [YamlMember(Alias = "tokenFile", ApplyNamingConventions = false)]
        public string? TokenFile { get; set; }

        public string? ClientCertificateData { get; set; }

        public string? ClientCertificate { get; set; }

        public string? ClientKeyData { get; set; }

        public string? ClientKey { get; set; }

        public ExecSection? Exec { get; set; }
    }

    private sealed class ExecSection
    {
        [YamlMember(Alias = "apiVersion", ApplyNamingConventions = false)]
        public string? ApiVersion { get; set; }

        public string? Command { get; set; }

        public List<string>? Args { get; set; }

        public List<VariableSection>? Env { get; set; }
    }

    private sealed class VariableSection
    {
        public string? Name { get; set; }

        public string? Value { get; set; }
    }
}

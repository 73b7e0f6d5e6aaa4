using Azure.Core;
using Hexabase.Adapters.Settings;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>Where a Service Bus namespace is and how to get in.</summary>
/// <param name="Endpoint">Absolute, with a trailing slash; http for the local platform only.</param>
public abstract record ServiceBusConnection(Uri Endpoint)
{
    /// <summary>With a shared access key.</summary>
    public sealed record SharedAccess(Uri Endpoint, string KeyName, string Key) : ServiceBusConnection(Endpoint)
    {
        /// <summary>Without the key.</summary>
        public override string ToString() => $"Service Bus at {Endpoint} as {KeyName}";
    }

    /// <summary>With an Entra identity, which needs the role Azure Service Bus Data Sender.</summary>
    public sealed record Identity(Uri Endpoint, TokenCredential Credential) : ServiceBusConnection(Endpoint);

    private const string Name = "ServiceBus";

    private static readonly SettingKind<SharedAccess> ConnectionString = new(
        $"a Service Bus connection string with Endpoint, SharedAccessKeyName and SharedAccessKey, or {Name}__fullyQualifiedNamespace in its place",
        Parse,
        IsSecret: true);

    private static readonly SettingKind<Uri> Namespace = new(
        "the host name of a Service Bus namespace, such as contoso.servicebus.windows.net",
        text => Uri.CheckHostName(text) == UriHostNameType.Dns ? new Uri($"https://{text}/") : throw new FormatException());

    /// <summary>
    /// Reads the setting that Azure Functions reads: <c>ServiceBus</c> as a connection string, or
    /// <c>ServiceBus__fullyQualifiedNamespace</c>, where the identity of the process is used (<c>ServiceBus__clientId</c> for a
    /// user-assigned one).
    /// </summary>
    public static ServiceBusConnection Read(SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var section = settings.Section(Name, isShared: true);
        var endpoint = section.Optional("fullyQualifiedNamespace", Namespace);
        var user = section.Optional("clientId", ProcessIdentity.ClientId);
        var shared = settings.RequiredIf(!section.Has("fullyQualifiedNamespace"), Name, ConnectionString);
        if (shared is not null || endpoint is null)
            return shared!;
        return new Identity(endpoint, ProcessIdentity.Credential(user));
    }

    /// <summary>Reads <c>Endpoint=sb://…/;SharedAccessKeyName=…;SharedAccessKey=…</c>; an <c>EntityPath</c> is not needed.</summary>
    /// <exception cref="FormatException">A part is missing or there twice, or the endpoint is no address of Service Bus.</exception>
    public static SharedAccess Parse(string connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [var name, { Length: > 0 } value] || !parts.TryAdd(name, value))
                throw new FormatException("A part of a Service Bus connection string is no name and value, or there twice.");
        if (!parts.TryGetValue("SharedAccessKeyName", out var keyName) || !parts.TryGetValue("SharedAccessKey", out var key)
            || !Uri.TryCreate(parts.GetValueOrDefault("Endpoint"), UriKind.Absolute, out var endpoint)
            || !(endpoint.Scheme is "sb" or "https" || (endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback)))
        {
            throw new FormatException("A Service Bus connection string has Endpoint, SharedAccessKeyName and SharedAccessKey.");
        }
        var scheme = endpoint.Scheme == "sb" ? Uri.UriSchemeHttps : endpoint.Scheme;
        var address = new UriBuilder(endpoint) { Scheme = scheme, Port = endpoint.IsDefaultPort ? -1 : endpoint.Port, Path = "/" };
        return new SharedAccess(address.Uri, keyName, key);
    }
}

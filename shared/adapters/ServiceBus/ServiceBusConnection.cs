using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>Where a Service Bus namespace is and how to get in.</summary>
/// <param name="Endpoint">Absolute, with a trailing slash; http for the local platform only.</param>
public abstract record ServiceBusConnection(Uri Endpoint)
{
    /// <summary>With a shared access key.</summary>
    public sealed record SharedAccess(Uri Endpoint, string KeyName, string Key) : ServiceBusConnection(Endpoint);

    /// <summary>With an Entra identity, which needs the role Azure Service Bus Data Sender.</summary>
    public sealed record Identity(Uri Endpoint, TokenCredential Credential) : ServiceBusConnection(Endpoint);

    /// <summary>
    /// Reads the setting that Azure Functions reads: <paramref name="name"/> as a connection string, or
    /// <c>{name}__fullyQualifiedNamespace</c>, where the identity of the process is used (<c>{name}__clientId</c> for a user-assigned one).
    /// </summary>
    /// <exception cref="InvalidOperationException">Neither is set, or the connection string cannot be used.</exception>
    public static ServiceBusConnection Read(IConfiguration configuration, string name = "ServiceBus")
    {
        if (configuration[name] is { Length: > 0 } connectionString)
            return Parse(connectionString);
        var section = configuration.GetSection(name);
        if (section["fullyQualifiedNamespace"] is not { Length: > 0 } host)
            throw new InvalidOperationException($"Neither '{name}' (a connection string) nor '{name}__fullyQualifiedNamespace' is set.");
        var credential = new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["clientId"] });
        return new Identity(new Uri($"https://{host}/"), credential);
    }

    /// <summary>Reads <c>Endpoint=sb://…/;SharedAccessKeyName=…;SharedAccessKey=…</c>; an <c>EntityPath</c> is not needed.</summary>
    /// <exception cref="InvalidOperationException">A part is missing.</exception>
    public static SharedAccess Parse(string connectionString)
    {
        var parts = connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        if (!parts.TryGetValue("SharedAccessKeyName", out var keyName) || !parts.TryGetValue("SharedAccessKey", out var key)
            || !Uri.TryCreate(parts.GetValueOrDefault("Endpoint"), UriKind.Absolute, out var endpoint))
        {
            throw new InvalidOperationException("A Service Bus connection string has Endpoint, SharedAccessKeyName and SharedAccessKey.");
        }
        var scheme = endpoint.Scheme == "sb" ? Uri.UriSchemeHttps : endpoint.Scheme;
        var address = new UriBuilder(endpoint) { Scheme = scheme, Port = endpoint.IsDefaultPort ? -1 : endpoint.Port, Path = "/" };
        return new SharedAccess(address.Uri, keyName, key);
    }
}

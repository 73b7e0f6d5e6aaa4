using Azure.Core;
using Azure.Identity;

namespace Hexabase.Adapters.Settings;

/// <summary>The identity of the process: the managed one on Azure, a developer's elsewhere.</summary>
internal static class ProcessIdentity
{
    public static SettingKind<string> ClientId { get; } = SettingKinds.Text("the client id of a user-assigned identity");

    /// <param name="clientId">Of a user-assigned identity; null for the system-assigned one.</param>
    public static TokenCredential Credential(string? clientId) =>
        new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId });
}

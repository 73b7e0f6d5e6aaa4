using Hexabase.Local.Durable;
using Hexabase.Local.Simulators.Kubernetes;

namespace Hexabase.Local.Settings;

/// <summary>The settings that the platform provides to the app: where everything it started is, and the keys to it.</summary>
public static class ProvidedSettings
{
    private const string Seed = "Seed";
    private const string Sqlite = "Documents__Sqlite";

    // The account and key that every Azurite knows: not a secret.
    private const string AzuriteAccount = "devstoreaccount1";
    private const string AzuriteKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>The largest dataset of any plan, 256 MB, with room for what stands around it in a form.</summary>
    private const string LargestUpload = "285212672";

    /// <summary>What options of the command line say, which no environment overrides.</summary>
    /// <param name="cosmos">The Cosmos DB account that was asked for; null without one.</param>
    public static IReadOnlyDictionary<string, string> GivenBy(LocalOptions options, DataFolder data, Uri? cosmos)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!options.Seed)
            given[Seed] = "false";
        if (cosmos is not null)
        {
            given[Sqlite] = "";
            given["Documents__Cosmos__Endpoint"] = cosmos.AbsoluteUri;
            given["Documents__Cosmos__Key"] = LocalSecrets.CosmosKey(data);
            given["Documents__Cosmos__ClientId"] = "";
            given["Documents__Cosmos__Database"] = "";
            given["Documents__Cosmos__CreateContainers"] = "true";
        }
        return given;
    }

    public static IReadOnlyDictionary<string, string> For(LocalOptions options, DataFolder data, LocalSecrets secrets, LocalPorts ports) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Sqlite] = data.File("documents.db"),
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
            ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
            ["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] = LargestUpload,
            ["AzureWebJobsStorage"] = BlobStorage(ports.Blobs),
            ["ServiceBus"] = $"Endpoint=http://localhost:{options.Port}/;SharedAccessKeyName={LocalSecrets.ServiceBusKeyName};"
                + $"SharedAccessKey={secrets.ServiceBusKey}",
            ["DurableTask__BaseUrl"] = $"http://localhost:{options.Port}{ManagementApi.Prefix}",
            ["DurableTask__Code"] = LocalSecrets.DurableKey(data),
            ["Auth__SigningKeys"] = LocalSecrets.SigningKeys(data),
            ["Auth__PublicBaseUrl"] = $"http://localhost:{options.Port}",
            ["Auth__Dev__Authority"] = $"http://localhost:{ports.SignIn}",
            ["Auth__AllowedRedirects__0"] = $"http://localhost:{options.Port}",
            ["Auth__AllowedRedirects__1"] = "http://localhost:5173",
            ["Payments__BaseUrl"] = $"http://localhost:{options.Port}/simulators/stripe",
            ["Payments__SecretKey"] = LocalSecrets.PaymentsKey(data),
            ["Cluster__Server"] = $"http://localhost:{options.Port}{KubernetesSimulatorModule.Path}",
            ["Cluster__Token"] = LocalSecrets.ClusterToken(data),
            ["Cluster__InfrastructureKind"] = "SimulatedMachineTemplate",
            ["Cluster__BackupImage"] = "registry.localhost/workspace-backup:1",
            ["Operators__0"] = "operator@localhost",
            [Seed] = options.Seed ? "true" : "false",
        };

    /// <summary>The connection string of an Azurite.</summary>
    public static string BlobStorage(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={AzuriteAccount};AccountKey={AzuriteKey};BlobEndpoint=http://127.0.0.1:{port}/{AzuriteAccount};";
}

namespace Hexabase.Local.Settings;

/// <summary>The settings that the platform provides to the app: where everything it started is, and the keys to it.</summary>
public static class ProvidedSettings
{
    // The account and key that every Azurite knows: not a secret.
    private const string AzuriteAccount = "devstoreaccount1";
    private const string AzuriteKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static IReadOnlyDictionary<string, string> For(LocalOptions options, DataFolder data, LocalSecrets secrets, LocalPorts ports) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
            ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
            ["AzureWebJobsStorage"] = BlobStorage(ports.Blobs),
            ["ServiceBus"] = $"Endpoint=http://localhost:{options.Port}/;SharedAccessKeyName={LocalSecrets.ServiceBusKeyName};"
                + $"SharedAccessKey={secrets.ServiceBusKey}",
            ["Documents__Sqlite"] = data.File("documents.db"),
            ["Auth__SigningKeys"] = LocalSecrets.SigningKeys(data),
            ["Auth__PublicBaseUrl"] = $"http://localhost:{options.Port}",
            ["Auth__Dev__Authority"] = $"http://localhost:{ports.SignIn}",
            ["Auth__Dev__ClientId"] = "hexabase-local",
            ["Auth__Dev__ClientSecret"] = "local",
            ["Auth__AllowedRedirects__0"] = $"http://localhost:{options.Port}",
            ["Auth__AllowedRedirects__1"] = "http://localhost:5173",
            ["Operators__0"] = "operator@localhost",
            ["Seed"] = options.Seed ? "true" : "false",
        };

    private static string BlobStorage(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={AzuriteAccount};AccountKey={AzuriteKey};BlobEndpoint=http://127.0.0.1:{port}/{AzuriteAccount};";
}

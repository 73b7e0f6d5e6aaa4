using Hexabase.Adapters.Settings;

namespace Hexabase.Adapters.Cosmos;

/// <summary>The settings <c>Documents__Cosmos__…</c>.</summary>
/// <param name="Key">Of the account, as emulators want it; null where the identity of the process is used.</param>
/// <param name="ClientId">Of a user-assigned identity; null for the system-assigned one.</param>
/// <param name="CreateContainers">Creates the database and containers that are missing: for emulators. Elsewhere infrastructure does.</param>
public sealed record CosmosOptions(Uri Endpoint, string Database, string? Key, string? ClientId, bool CreateContainers)
{
    public const string DefaultDatabase = "hexabase";

    private static readonly SettingKind<string> AccountKey = new(
        "a key of the Cosmos DB account, in Base64", text => Convert.ToBase64String(Convert.FromBase64String(text)), IsSecret: true);

    /// <summary>Without the key.</summary>
    public override string ToString() => $"Cosmos at {Endpoint}, database {Database}";

    /// <summary>Null where nothing of it is set.</summary>
    /// <param name="settings">The section.</param>
    public static CosmosOptions? Read(SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var endpoint = settings.RequiredIf(settings.HasAny, "Endpoint", SettingKinds.SafeAddress("the address of the Cosmos DB account"));
        var database = settings.Optional("Database", SettingKinds.Text("the name of a database"), DefaultDatabase);
        var key = settings.Optional("Key", AccountKey);
        var clientId = settings.Optional("ClientId", ProcessIdentity.ClientId);
        var createContainers = settings.Optional("CreateContainers", SettingKinds.Switch);
        return endpoint is null ? null : new CosmosOptions(endpoint, database, key, clientId, createContainers);
    }
}

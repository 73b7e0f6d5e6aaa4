namespace Hexabase.Adapters.Cosmos;

/// <summary>The settings <c>Documents__Cosmos__…</c>.</summary>
/// <param name="Key">Of the account, as emulators want it; null where the identity of the process is used.</param>
/// <param name="ClientId">Of a user-assigned identity; null for the system-assigned one.</param>
/// <param name="CreateContainers">Creates the database and containers that are missing: for emulators. Elsewhere infrastructure does.</param>
public sealed record CosmosOptions(Uri Endpoint, string Database, string? Key, string? ClientId, bool CreateContainers);

namespace Hexabase.Local.Cosmos;

/// <summary>A request that the service would not understand, or that is not served here.</summary>
internal sealed class MalformedRequestException(string message) : Exception(message);

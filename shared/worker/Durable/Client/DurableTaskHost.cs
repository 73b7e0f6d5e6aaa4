namespace Hexabase.Worker.Durable.Client;

/// <summary>Where the HTTP management API of the Durable extension, or of the local platform, is.</summary>
/// <param name="BaseUrl">Without a trailing slash. The key travels there: https, or http on this machine.</param>
/// <param name="Code">The extension's system key; null where the host asks for none, which only a developer's machine does.</param>
public sealed record DurableTaskHost(Uri BaseUrl, string? Code)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => BaseUrl.ToString();
}

using Microsoft.Extensions.Configuration;

namespace Hexabase.Worker.Durable.Client;

/// <summary>Where the HTTP management API of the Durable extension, or of the local platform, is.</summary>
/// <param name="BaseUrl">Without a trailing slash.</param>
/// <param name="Code">The extension's system key; null where the host asks for none, which only a developer's machine does.</param>
internal sealed record DurableTaskHost(Uri BaseUrl, string? Code)
{
    /// <summary>
    /// Reads <c>DurableTask:BaseUrl</c> and <c>DurableTask:Code</c>. The address may be missing where the host says its own name in
    /// <c>WEBSITE_HOSTNAME</c>: on Azure and under Core Tools.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting is missing or cannot be used.</exception>
    public static DurableTaskHost Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var address = Set(configuration["DurableTask:BaseUrl"]) ?? OfHost(Set(configuration["WEBSITE_HOSTNAME"]))
            ?? throw new InvalidOperationException("DurableTask__BaseUrl is missing: the address of the durable management API.");
        if (!Uri.TryCreate(address.TrimEnd('/'), UriKind.Absolute, out var url) || url.Query.Length + url.Fragment.Length > 0)
            throw new InvalidOperationException("DurableTask__BaseUrl is not an address without query.");
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            throw new InvalidOperationException("DurableTask__BaseUrl must begin with https://, or with http:// on this machine: its key travels along.");
        var code = Set(configuration["DurableTask:Code"]);
        if (code is null && !url.IsLoopback)
            throw new InvalidOperationException("DurableTask__Code is missing: the system key durabletask_extension of the function app.");
        return new DurableTaskHost(url, code);
    }

    private static string? Set(string? setting) => string.IsNullOrWhiteSpace(setting) ? null : setting;

    /// <summary>As the extension makes its own address.</summary>
    private static string? OfHost(string? name) => name is null
        ? null
        : $"{(name.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "http" : "https")}://{name}/runtime/webhooks/durabletask";
}

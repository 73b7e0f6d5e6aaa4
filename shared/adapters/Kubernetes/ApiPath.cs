using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Hexabase.Adapters.Kubernetes.Objects;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>
/// Addresses of the cluster's API, relative to the server. Names are checked, not escaped: one that the API would not take is a mistake,
/// and one that it takes has nothing to escape.
/// </summary>
internal static partial class ApiPath
{
    private const int LongestLabel = 63;
    private const int LongestName = 253;

    /// <param name="ns">Null for what is in no namespace.</param>
    /// <exception cref="ArgumentException">No name of a namespace.</exception>
    public static string Of(ResourceType type, string? ns)
    {
        var root = type.ApiVersion.Contains('/', StringComparison.Ordinal) ? "apis" : "api";
        return type.IsNamespaced
            ? $"{root}/{type.ApiVersion}/namespaces/{Label(ns)}/{type.Plural}"
            : $"{root}/{type.ApiVersion}/{type.Plural}";
    }

    /// <exception cref="ArgumentException">No name of a namespace, or of an object.</exception>
    public static string Of(ResourceType type, string? ns, string name) => $"{Of(type, ns)}/{Name(name)}";

    /// <summary>
    /// A question to a service through the API server, as the server's own credentials reach it.
    /// </summary>
    /// <param name="path">
    /// Of the app, as its owner wrote it. It is taken apart and escaped, so that it can lead nowhere but to that service: with this
    /// product's credentials any other address of the API would answer.
    /// </param>
    /// <exception cref="ArgumentException">No name, or the path has a segment <c>.</c> or <c>..</c>.</exception>
    public static string ServiceProxy(string ns, string service, int port, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (Array.Exists(segments, segment => segment is "." or ".."))
            throw new ArgumentException($"'{path}' is no path of an app.", nameof(path));
        var escaped = string.Join('/', segments.Select(Uri.EscapeDataString));
        return $"{Of(Service.Type, ns)}/{Label(service)}:{port}/proxy/{escaped}";
    }

    /// <summary>A DNS label, which is good as the value of a label too.</summary>
    /// <exception cref="ArgumentException">Anything else.</exception>
    public static string Label(string? text) =>
        IsLabel(text) ? text : throw new ArgumentException($"'{text}' is no DNS label.", nameof(text));

    public static bool IsLabel([NotNullWhen(true)] string? text) =>
        text is { Length: <= LongestLabel } && !text.Contains('.', StringComparison.Ordinal) && DnsName().IsMatch(text);

    private static string Name(string? text) =>
        text is { Length: <= LongestName } && DnsName().IsMatch(text)
            ? text
            : throw new ArgumentException($"'{text}' is no name of an object.", nameof(text));

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DnsName();
}

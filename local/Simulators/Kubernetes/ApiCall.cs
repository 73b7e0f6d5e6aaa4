using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>What an address means (fact sheet, §1).</summary>
/// <param name="Namespace">Empty where none is named: an object of the whole cluster, or a list over all namespaces.</param>
/// <param name="Name">Null for the collection.</param>
/// <param name="Rest">What follows a subresource: the path inside a service.</param>
internal sealed record ApiPath(ResourceType Type, string Namespace, string? Name, string? Subresource, string Rest)
{
    /// <exception cref="KubernetesError">There is no such thing.</exception>
    public static ApiPath Parse(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments switch
        {
            ["api", var version, .. var rest] => Parse("", version, rest),
            ["apis", var group, var version, .. var rest] => Parse(group, version, rest),
            _ => throw KubernetesError.NoSuchPath(),
        };
    }

    private static ApiPath Parse(string group, string version, string[] segments)
    {
        var ns = "";
        if (segments is ["namespaces", var named, _, ..])
            (ns, segments) = (named, segments[2..]);
        if (segments is not [var plural, ..] || ResourceType.Find(group, version, plural) is not { } type)
            throw KubernetesError.NoSuchPath();
        var isWhole = segments.Length == 1 || type.IsNamespaced == (ns != "");
        return isWhole && (ns == "" || type.IsNamespaced)
            ? new ApiPath(type, ns, segments.ElementAtOrDefault(1), segments.ElementAtOrDefault(2), string.Join('/', segments.Skip(3)))
            : throw KubernetesError.NoSuchPath();
    }
}

/// <summary>One call of the API.</summary>
internal sealed record ApiCall(
    string Method, ApiPath Path, IQueryCollection Query, string? ContentType, ReadOnlyMemory<byte> Content, string? UserAgent)
{
    /// <summary>Who writes; when it is not said, the program's name, as the real server has it.</summary>
    public string Manager => Query["fieldManager"] is [{ Length: > 0 } named] ? named : UserAgent?.Split('/', ' ')[0] ?? "unknown";

    public bool IsStrict => Query["fieldValidation"] == "Strict";

    public string? MediaType => MediaTypeHeaderValue.TryParse(ContentType, out var parsed) ? parsed.MediaType.Value : null;

    /// <exception cref="KubernetesError">It is no JSON object.</exception>
    public JsonObject Body()
    {
        try
        {
            return KubeJson.Parse(Content.Span);
        }
        catch (JsonException e)
        {
            throw KubernetesError.BadRequest($"the body cannot be read as JSON: {e.Message}");
        }
    }

    /// <summary>Of a number in the query; null when there is none.</summary>
    /// <exception cref="KubernetesError">It is no number from 0 on.</exception>
    public int? Number(string name) => Query[name] switch
    {
        [] or [null or ""] => null,
        [var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) => n,
        _ => throw KubernetesError.BadRequest($"{name} is a number"),
    };
}

/// <summary>What the API answers.</summary>
internal sealed record ApiAnswer(int Code, JsonObject Body);

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Hexabase.Adapters.Kubernetes.Objects;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>Objects as the cluster's API writes them.</summary>
internal static class KubernetesJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The whole manifest.</summary>
    public static JsonObject Manifest<T>(T value) where T : IKubernetesObject
    {
        var manifest = JsonSerializer.SerializeToNode(value, Options)!.AsObject();
        manifest.Insert(0, "apiVersion", T.Type.ApiVersion);
        manifest.Insert(1, "kind", T.Type.Kind);
        return manifest;
    }

    /// <summary>A part of a patch.</summary>
    public static JsonNode Part<T>(T value) => JsonSerializer.SerializeToNode(value, Options)!;

    /// <exception cref="JsonException">Not what was asked for.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json) =>
        JsonSerializer.Deserialize<T>(json.Span, Options) ?? throw new JsonException($"No {typeof(T).Name}.");
}

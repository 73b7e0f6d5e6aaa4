using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hexabase.Worker.Durable.Client;

/// <summary>How the management API describes an instance.</summary>
internal sealed record InstanceStatus(
    string Name,
    string InstanceId,
    OrchestrationRuntimeStatus RuntimeStatus,
    DateTimeOffset CreatedTime,
    DateTimeOffset LastUpdatedTime,
    JsonElement Input,
    JsonElement Output,
    JsonElement CustomStatus)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <exception cref="JsonException">The text describes no instance.</exception>
    public static InstanceStatus Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<InstanceStatus>(json, Format) is { Name: not null, InstanceId: not null } status
            ? status
            : throw new JsonException("The durable host describes an instance without name or id.");

    public OrchestrationMetadata ToMetadata(bool withInputsAndOutputs) => withInputsAndOutputs
        ? Metadata(Present(Input), Present(Output), Present(CustomStatus))
        : Metadata(null, null, null);

    private OrchestrationMetadata Metadata(JsonElement? input, JsonElement? output, JsonElement? customStatus) =>
        new(Name, InstanceId, RuntimeStatus, CreatedTime, LastUpdatedTime, input, output, customStatus);

    private static JsonElement? Present(JsonElement value) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : value;
}

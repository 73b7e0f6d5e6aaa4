using System.Text.Json;

namespace Hexabase.Worker.Envelopes;

/// <summary>The metadata of one message, from whichever form the host sends it in.</summary>
internal interface IMessageMetadata
{
    /// <summary>Text of a scalar; null when unknown.</summary>
    string? Text(MessageMetadata which);

    /// <summary>The application properties; empty when unknown.</summary>
    IReadOnlyDictionary<string, object> Properties();
}

/// <summary>Metadata of a single message: one member each, scalars encoded twice.</summary>
internal readonly struct MetadataOfOne(JsonElement metadata, MessageMetadata forged) : IMessageMetadata
{
    public string? Text(MessageMetadata which) =>
        TryGet(which, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? DoubleEncoding.TextOrNull(value) : null;

    public IReadOnlyDictionary<string, object> Properties() =>
        TryGet(MessageMetadata.ApplicationProperties, out var value) ? ApplicationProperties.Read(value) : ApplicationProperties.None;

    private bool TryGet(MessageMetadata which, out JsonElement value)
    {
        value = default;
        return (forged & which) == MessageMetadata.None
            && metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty(MessageMetadataNames.All[which.Index()], out value);
    }
}

/// <summary>Metadata of one message of a batch: the same position of every column.</summary>
internal readonly struct MetadataOfRow(MetadataColumns columns, int row) : IMessageMetadata
{
    public string? Text(MessageMetadata which) => columns[which].TextAt(row);

    public IReadOnlyDictionary<string, object> Properties() =>
        columns[MessageMetadata.ApplicationProperties].TryGet(row, out var value) ? ApplicationProperties.Read(value) : ApplicationProperties.None;
}

/// <summary>Metadata of a batch: one array each, named with the suffix <c>Array</c>.</summary>
internal sealed class MetadataColumns(JsonElement metadata) : IDisposable
{
    private readonly HostArray[] columns = [.. MessageMetadataNames.All.Select(name =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty($"{name}Array", out var column) ? HostArray.Read(column) : HostArray.Missing)];

    public HostArray this[MessageMetadata which] => columns[which.Index()];

    public void Dispose()
    {
        foreach (var column in columns)
            column.Dispose();
    }
}

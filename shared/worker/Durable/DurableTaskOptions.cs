using System.Text.Json;

namespace Hexabase.Worker.Durable;

/// <summary>What an app may choose about its orchestrations.</summary>
public sealed class DurableTaskOptions
{
    /// <summary>
    /// How inputs, outputs, events and custom status become JSON and back, for orchestrators, activities and clients alike. They are
    /// stored: what an older version of the app wrote must still be readable. Default: <see cref="JsonSerializerOptions.Default"/>.
    /// </summary>
    public JsonSerializerOptions Json { get; set; } = JsonSerializerOptions.Default;
}

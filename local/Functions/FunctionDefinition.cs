using System.Text.Json;

namespace Hexabase.Local.Functions;

/// <summary>One function of the app, as its <c>function.json</c> says.</summary>
/// <param name="Name">Folder name; where envelope calls are posted.</param>
/// <param name="Bindings">The bindings as they stand in the file.</param>
/// <param name="IsDisabled">It is never called; its queue still takes messages, as a queue in Azure does.</param>
public sealed record FunctionDefinition(string Name, IReadOnlyList<JsonElement> Bindings, bool IsDisabled = false)
{
    /// <summary>The binding that triggers it: the one whose type ends in <c>Trigger</c>.</summary>
    public JsonElement Trigger { get; } = Bindings.Single(b => b.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.Ordinal));

    public string TriggerType => Trigger.GetProperty("type").GetString()!;
}

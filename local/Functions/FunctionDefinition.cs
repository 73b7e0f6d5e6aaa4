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

    /// <summary>A text of the trigger binding; null when it has none of that name.</summary>
    /// <exception cref="CannotStartException">It is not a text.</exception>
    public string? Text(string property) => Find(property) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw Wrong(property, "a text"),
    };

    /// <summary>The texts of an array of the trigger binding; empty when it has none of that name.</summary>
    /// <exception cref="CannotStartException">It is not an array of texts.</exception>
    public string[] Texts(string property) => Find(property) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } texts when texts.EnumerateArray().All(t => t.ValueKind == JsonValueKind.String) =>
            [.. texts.EnumerateArray().Select(t => t.GetString()!)],
        _ => throw Wrong(property, "an array of texts"),
    };

    /// <summary>A switch of the trigger binding.</summary>
    /// <exception cref="CannotStartException">It is neither true nor false.</exception>
    public bool IsOn(string property, bool whenAbsent = false) => Find(property) switch
    {
        null => whenAbsent,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(property, "true or false"),
    };

    private JsonElement? Find(string property) =>
        Trigger.TryGetProperty(property, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private CannotStartException Wrong(string property, string expected) => new($"{property} of the trigger of {Name} is not {expected}.");
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Local.Settings;

namespace Hexabase.Local.Functions;

/// <summary>Reads the <c>function.json</c> files of an app.</summary>
public static class FunctionJson
{
    /// <summary>The keys in which <c>%SETTING%</c> stands for a setting.</summary>
    private static readonly string[] Expanded = ["schedule", "queueName", "topicName", "subscriptionName", "path", "hubName"];

    /// <summary>
    /// Every function, by name, with settings expanded in its bindings. Disabled is one whose <c>disabled</c> is true or names
    /// a setting that is, or whose setting <c>AzureWebJobs.{name}.Disabled</c> is.
    /// </summary>
    /// <exception cref="CannotStartException">
    /// A file cannot be read, has not exactly one trigger, or names a setting that is not set; or two functions differ in case only.
    /// </exception>
    public static IReadOnlyList<FunctionDefinition> ReadAll(string appFolder, AppSettings settings)
    {
        List<FunctionDefinition> functions =
        [
            .. Directory.EnumerateDirectories(appFolder)
                .Where(folder => File.Exists(Path.Combine(folder, "function.json")))
                .Order(StringComparer.Ordinal)
                .Select(folder => ReadOne(folder, settings)),
        ];
        if (functions.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new CannotStartException($"{appFolder} has more than one function of a name: {string.Join(", ", same.Select(f => f.Name))}.");
        return functions;
    }

    private static FunctionDefinition ReadOne(string folder, AppSettings settings)
    {
        var file = Path.Combine(folder, "function.json");
        var name = Path.GetFileName(folder);
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(file), documentOptions: LenientJson.Options)!;
            var bindings = root["bindings"]?.AsArray() ?? throw new FormatException("bindings is missing.");
            if (bindings.Count(b => IsTrigger((string?)b?["type"])) != 1)
                throw new FormatException("it must have exactly one trigger.");
            foreach (var binding in bindings)
                ExpandSettings(binding!.AsObject(), settings);
            return new FunctionDefinition(
                name,
                [.. bindings.Select(b => JsonSerializer.SerializeToElement(b))],
                IsDisabled(root["disabled"], settings) || settings.IsOn($"AzureWebJobs.{name}.Disabled"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CannotStartException($"{file} cannot be used: {e.Message}", e);
        }
    }

    private static bool IsTrigger(string? type) => type is not null && type.EndsWith("Trigger", StringComparison.Ordinal);

    private static bool IsDisabled(JsonNode? disabled, AppSettings settings) => disabled?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.String => settings.IsOn((string)disabled!),
        _ => false,
    };

    private static void ExpandSettings(JsonObject binding, AppSettings settings)
    {
        foreach (var key in Expanded)
        {
            if (binding[key] is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
                continue;
            binding[key] = settings.Expand((string)value!, out var missing);
            if (missing is not null)
                throw new FormatException($"{key} names the setting {missing}, which is not set.");
        }
    }
}

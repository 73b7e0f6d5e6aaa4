using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hexabase.Tests.Infrastructure;

/// <param name="Value">As Bicep writes it; null where it is computed.</param>
/// <param name="Secret">Name of the secret in the vault it is read from; null for a value that stands in Bicep.</param>
internal sealed record DeclaredSetting(string Name, string? Value, string? Secret);

/// <summary>The settings that main.bicep gives to the app, all those included that a parameter has to ask for.</summary>
internal static partial class DeclaredSettings
{
    public static IReadOnlyList<DeclaredSetting> Of(BicepFile main)
    {
        var given = main.Modules.Single(module => module.Name == "functionApp").Params["settings"];
        return [.. In(main, given).DistinctBy(setting => setting.Name)];
    }

    private static IEnumerable<DeclaredSetting> In(BicepFile main, JsonNode? value) => main.Resolve(value) switch
    {
        JsonObject { Count: > 1 } call when call["$call"] is { } function => InCall(main, (string)function!, call["args"]!.AsArray()),
        JsonObject choice when choice["$if"] is not null => [.. In(main, choice["then"]), .. In(main, choice["else"])],
        JsonObject computed when computed["$expr"] is not null => [],
        JsonObject settings => settings.Select(setting => new DeclaredSetting(setting.Key, Literal(setting.Value), Secret: null)),
        _ => [],
    };

    private static IEnumerable<DeclaredSetting> InCall(BicepFile main, string function, JsonArray arguments) => function switch
    {
        "union" => arguments.SelectMany(argument => In(main, argument)),

        // Operators__0 and so on.
        "toObject" => [new DeclaredSetting(EntryName().Match((string)arguments[1]!["$expr"]!).Groups["list"].Value + "0", Value: null, Secret: null)],

        // Of names of secrets, references to them.
        "mapValues" => In(main, arguments[0]).Select(setting => new DeclaredSetting(setting.Name, Value: null, Secret: setting.Value)),
        _ => throw new InvalidOperationException($"Settings that come from {function} cannot be told."),
    };

    private static string? Literal(JsonNode? value) => value is JsonValue literal ? literal.ToString() : null;

    [GeneratedRegex(@"'(?<list>\w+__)\$\{i\}'", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex EntryName();
}

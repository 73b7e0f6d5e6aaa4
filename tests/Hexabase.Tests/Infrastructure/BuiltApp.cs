using System.Text.Json.Nodes;
using Hexabase.Tests.Support;
using Hexabase.Tests.Worker;

namespace Hexabase.Tests.Infrastructure;

/// <summary>What the built app asks of its host: host.json and the bindings of every function.json.</summary>
internal static class BuiltApp
{
    public static JsonNode HostJson { get; } = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")))!;

    /// <summary>Names of functions with their bindings.</summary>
    public static IReadOnlyList<(string Function, JsonNode Binding)> Bindings { get; } =
    [
        .. from folder in Directory.EnumerateDirectories(FunctionAppOutput.Directory)
           let file = Path.Combine(folder, "function.json")
           where File.Exists(file)
           from binding in JsonNode.Parse(File.ReadAllText(file))!["bindings"]!.AsArray()
           select (Path.GetFileName(folder), binding),
    ];

    public static IEnumerable<JsonNode> Of(string type) => Bindings.Select(bound => bound.Binding).Where(binding => (string?)binding["type"] == type);

    /// <summary>Whether a GET or POST to this path reaches a function of its own.</summary>
    public static bool HasRoute(string path)
    {
        var prefix = (string?)HostJson["extensions"]?["http"]?["routePrefix"] ?? "api";
        var asked = path.Trim('/').Split('/');
        return Of("httpTrigger").Select(trigger => (string)trigger["route"]!).Where(route => !route.Contains('*', StringComparison.Ordinal)).Any(route =>
        {
            var template = $"{prefix}/{route}".Trim('/').Split('/');
            return template.Length == asked.Length
                && template.Zip(asked).All(part => part.First == part.Second || part.First.StartsWith('{'));
        });
    }
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Local;
using Hexabase.Local.Companions;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Infrastructure;

/// <summary>Everything in infra-bicep, read with a Bicep grammar: <c>bicep/parse.mjs</c>, installed by <c>npm ci</c> when it is not there yet.</summary>
public sealed class BicepFiles : IAsyncLifetime
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "infra-bicep");

    /// <summary>By the name of the file, such as <c>main.bicep</c> or <c>modules/cosmos.bicep</c>.</summary>
    public IReadOnlyDictionary<string, BicepFile> All { get; private set; } = new Dictionary<string, BicepFile>(StringComparer.Ordinal);

    public BicepFile Main => All["main.bicep"];

    /// <summary>What has parameters and resources: main.bicep and the modules.</summary>
    public IEnumerable<KeyValuePair<string, BicepFile>> Templates => All.Where(file => file.Key.EndsWith(".bicep", StringComparison.Ordinal));

    public IEnumerable<BicepResource> Resources => All.Values.SelectMany(file => file.Resources);

    public static string TextOf(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>The only resource of a type.</summary>
    public BicepResource Resource(string type) => Assert.Single(Resources, resource => resource.TypeName == type);

    public async Task InitializeAsync()
    {
        var parser = Path.Combine(Repository.Root, "tests", "Hexabase.Tests", "Infrastructure", "bicep");
        var package = new NpmPackage(Repository.NpmPackage, parser, "the Bicep grammar", PlatformConsole.OfThisProcess, TimeProvider.System);
        await package.Install(CancellationToken.None);
        var files = Directory.EnumerateFiles(Folder, "*.bicep*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".bicep" or ".bicepparam")
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'));
        var start = package.Node("parse.mjs", files);
        start.WorkingDirectory = Folder;
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        using var node = Process.Start(start)!;
        await using var json = node.StandardOutput.BaseStream;
        All = (await JsonSerializer.DeserializeAsync<Dictionary<string, BicepFile>>(json, JsonSerializerOptions.Web))!;
    }

    public Task DisposeAsync() => Task.CompletedTask;
}

/// <summary>One file. What is computed stands in values as parse.mjs says.</summary>
public sealed record BicepFile(
    IReadOnlyList<string> Errors,
    IReadOnlyList<BicepParameter> Params,
    IReadOnlyDictionary<string, JsonNode?> Variables,
    IReadOnlyList<BicepResource> Resources,
    IReadOnlyList<BicepModule> Modules,
    IReadOnlyList<BicepOutput> Outputs)
{
    /// <summary>The value itself, or that of the variable it names.</summary>
    public JsonNode? Resolve(JsonNode? value) =>
        value is JsonObject computed && computed["$expr"] is { } name && Variables.TryGetValue(name.GetValue<string>(), out var variable)
            ? Resolve(variable)
            : value;
}

public sealed record BicepParameter(string Name, string Type, IReadOnlyList<string> Decorators, JsonNode? Default);

public sealed record BicepOutput(string Name, IReadOnlyList<string> Decorators, JsonNode? Value);

/// <param name="Type">With the version: <c>Microsoft.Web/sites@2024-11-01</c>.</param>
/// <param name="Body">May be a loop or a condition around what the indexer looks into.</param>
public sealed record BicepResource(string Name, string Type, JsonNode Body)
{
    public string TypeName => Type[..Type.IndexOf('@', StringComparison.Ordinal)];

    public JsonNode? this[params IEnumerable<string> path] => path.Aggregate((JsonNode?)BicepValue.Inner(Body), (node, name) => node?[name]);
}

public sealed record BicepModule(string Name, string Path, JsonNode Body)
{
    public JsonObject Params => BicepValue.Inner(Body)["params"]!.AsObject();
}

internal static class BicepValue
{
    /// <summary>What is declared, once or for each, always or on a condition.</summary>
    public static JsonNode Inner(JsonNode body) => body["$for"] is not null ? Inner(body["body"]!) : body["$if"] is not null ? Inner(body["then"]!) : body;
}

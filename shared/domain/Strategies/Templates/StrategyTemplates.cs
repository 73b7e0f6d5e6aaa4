using System.Text.Json;

namespace Hexabase.Domain.Strategies.Templates;

/// <summary>A strategy that comes with the product, to be read and forked.</summary>
/// <param name="Slug">Its file name, stable: what its sid is made from.</param>
/// <param name="Code">The document; pair and timeframe say which dataset it is meant for, <c>dataset_hash</c> is left out.</param>
public sealed record StrategyTemplate(string Slug, JsonElement Code);

/// <summary>The templates, from the JSON files of this folder.</summary>
public static class StrategyTemplates
{
    private const string Suffix = ".json";

    private static readonly string Prefix = typeof(StrategyTemplates).Namespace + ".";

    /// <summary>All of them, ordered by slug.</summary>
    public static IReadOnlyList<StrategyTemplate> Read() =>
    [
        .. typeof(StrategyTemplates).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new StrategyTemplate(name[Prefix.Length..^Suffix.Length], Read(name))),
    ];

    private static JsonElement Read(string resource)
    {
        using var stream = typeof(StrategyTemplates).Assembly.GetManifestResourceStream(resource)!;
        return JsonSerializer.Deserialize<JsonElement>(stream);
    }
}

namespace Hexabase.Functions.Accounts;

/// <summary>Settings that are lists.</summary>
internal static class ConfigurationLists
{
    /// <summary>A list setting: indexed entries (<c>Operators__0</c>), or one value with commas.</summary>
    public static IReadOnlyList<string> GetList(this IConfiguration configuration, string key)
    {
        var section = configuration.GetSection(key);
        return section.Value is { } joined
            ? joined.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. section.GetChildren().Select(c => c.Value).OfType<string>()];
    }
}

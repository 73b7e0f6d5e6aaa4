namespace Hexabase.Adapters.Settings;

/// <summary>A setting that is read.</summary>
/// <param name="Name">As an environment variable; ends in <c>__*</c> where any number of entries may follow.</param>
/// <param name="IsRequired">Nothing starts without it, whatever the others are.</param>
/// <param name="IsSecret">Belongs into a key vault.</param>
public sealed record Setting(string Name, bool IsRequired, bool IsSecret)
{
    private const string Entries = "__*";

    internal static string ListName(string name) => name + Entries;

    /// <summary>Whether this is what a name in the configuration means.</summary>
    public bool Covers(string name) => Name.EndsWith(Entries, StringComparison.Ordinal)
        ? $"{name}__".StartsWith(Name[..^1], StringComparison.OrdinalIgnoreCase)
        : name.Equals(Name, StringComparison.OrdinalIgnoreCase);
}

namespace Hexabase.Local.Backup;

/// <summary>
/// What the files of a data folder are to a backup. A new file has to be put into one of these lists: a test looks for those that are in
/// none.
/// </summary>
internal static class StateFiles
{
    /// <summary>With the newest schema version that this version of the product knows.</summary>
    public static IReadOnlyList<(string Name, int Schema)> Databases { get; } =
        [("documents.db", 1), ("platform.db", LocalPlatform.SchemaVersion)];

    /// <summary>Made on first use, so that some may be missing.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        ["secrets.json", "signing-keys.pem", "durable-key", "cluster-token", "payments-key"];

    /// <summary>Of this machine, of what is not kept, or kept in another way: blobs are asked for at Azurite.</summary>
    public static IReadOnlyList<string> NotCopied { get; } = ["azurite", "cosmos-key", "lock", "ports.json"];

    /// <summary>Whether an entry of a backup becomes this file.</summary>
    public static bool AreCopied(string name) =>
        Databases.Any(database => database.Name == name) || Keys.Contains(name, StringComparer.Ordinal);
}

using System.Reflection;

namespace Hexabase.Local;

/// <summary>Where the app keeps its documents.</summary>
public enum DocumentsIn
{
    /// <summary>A file of the data folder.</summary>
    Sqlite,

    /// <summary>The Cosmos DB emulator, which forgets everything when it ends; so nothing else is kept either.</summary>
    Cosmos,
}

/// <summary>What to run and where.</summary>
public sealed record LocalOptions
{
    public const int DefaultPort = 7071;
    public const string DefaultDataFolder = ".hexabase";

    /// <summary>Where HTTP is served, on loopback only; 0 takes any free port.</summary>
    public int Port { get; init; } = DefaultPort;

    public DocumentsIn Store { get; init; }

    /// <summary>
    /// Everything that outlives the process; a relative path counts from the current folder. Null takes <see cref="DefaultDataFolder"/>, and
    /// with documents in Cosmos DB a temporary folder.
    /// </summary>
    public string? DataFolder { get; init; }

    /// <summary>The function app: host.json and a folder with a function.json for each function.</summary>
    public string AppFolder { get; init; } = BesideThisProgram("FunctionApp");

    /// <summary>The npm package whose dependencies are the companions.</summary>
    public string NpmFolder { get; init; } = BesideThisProgram("NpmPackage");

    /// <summary>Whether the app fills an empty store with its built-in strategies and candles.</summary>
    public bool Seed { get; init; } = true;

    /// <summary>Off when nothing that runs needs blobs or sign-in: neither Azurite nor the OAuth mock is started.</summary>
    public bool Companions { get; init; } = true;

    /// <summary>A path that the build recorded relative to its output.</summary>
    private static string BesideThisProgram(string key)
    {
        var recorded = typeof(LocalOptions).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
        return Path.GetFullPath(recorded, AppContext.BaseDirectory);
    }
}

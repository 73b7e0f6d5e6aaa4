using System.Text.Json;
using Hexabase.Local.Settings;

namespace Hexabase.Local;

/// <summary>The folder that holds all state of one platform. It belongs to one running platform at a time.</summary>
public sealed class DataFolder : IDisposable
{
    /// <summary>The file by which the folder is claimed.</summary>
    public const string Lock = "lock";

    private const UnixFileMode OnlyThisUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private readonly FileStream claim;
    private readonly bool temporary;

    private DataFolder(string path, FileStream claim, bool temporary) => (Location, this.claim, this.temporary) = (path, claim, temporary);

    /// <summary>Absolute.</summary>
    public string Location { get; }

    /// <summary>The folder that the options ask for, claimed.</summary>
    /// <exception cref="CannotStartException">It cannot be claimed; or it holds what belongs to documents that are no longer there.</exception>
    public static DataFolder For(LocalOptions options)
    {
        if (options.Store == DocumentsIn.Sqlite)
            return Claim(options.DataFolder ?? LocalOptions.DefaultDataFolder);
        if (options.DataFolder is not { } given)
            return Claim(Directory.CreateTempSubdirectory("hexabase-").FullName, temporary: true);
        var data = Claim(given);
        if (!Directory.EnumerateFileSystemEntries(data.Location).Any(entry => Path.GetFileName(entry) != Lock))
            return data;
        data.Dispose();
        throw new CannotStartException(
            $"{data.Location} is not empty: documents in Cosmos DB begin anew with every start, so --data must name a new or empty folder, or be left out.");
    }

    /// <summary>Creates the folder where needed and claims it until disposed; a killed process gives its claim up too.</summary>
    /// <param name="temporary">It is deleted when disposed.</param>
    /// <exception cref="CannotStartException">Another platform runs on it, or it cannot be written.</exception>
    public static DataFolder Claim(string path, bool temporary = false) => TryClaim(path, temporary) ?? throw new CannotStartException(
        $"The data folder {Path.GetFullPath(path)} is in use by another running instance: stop it or choose another with --data.");

    /// <summary>As <see cref="Claim"/>; null when it is claimed already.</summary>
    /// <param name="temporary">It is deleted when disposed.</param>
    /// <exception cref="CannotStartException">It cannot be written.</exception>
    public static DataFolder? TryClaim(string path, bool temporary = false)
    {
        var location = Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(location);
            else
                Directory.CreateDirectory(location, OnlyThisUser | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The data folder {location} cannot be created: {e.Message}", e);
        }
        try
        {
            return ExclusiveFile.TryOpen(Path.Combine(location, Lock)) is { } claim ? new DataFolder(location, claim, temporary) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The data folder {location} cannot be written: {e.Message}", e);
        }
    }

    public string File(string name) => Path.Combine(Location, name);

    /// <summary>The text of a file of this folder; on first use <paramref name="create"/> makes it. Only this user can read it.</summary>
    public string ReadOrCreate(string name, Func<string> create)
    {
        var file = File(name);
        if (!System.IO.File.Exists(file))
            Write(file, create());
        return System.IO.File.ReadAllText(file);
    }

    /// <summary>As <see cref="ReadOrCreate"/>, of a value kept as JSON.</summary>
    /// <exception cref="CannotStartException">The file is damaged.</exception>
    public T ReadOrCreateJson<T>(string name, Func<T> create)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(ReadOrCreate(name, () => JsonSerializer.Serialize(create())), Strict)
                ?? throw new JsonException("it holds nothing.");
        }
        catch (JsonException e)
        {
            throw new CannotStartException($"{File(name)} is damaged, delete it to have a new one made: {e.Message}", e);
        }
    }

    /// <summary>Keeps a value as JSON instead of the one that is there.</summary>
    public void ReplaceJson<T>(string name, T value) => Write(File(name), JsonSerializer.Serialize(value));

    public void Dispose()
    {
        claim.Dispose();
        if (temporary)
            Directory.Delete(Location, recursive: true);
    }

    /// <summary>In one step, so that a kill leaves no half-written file.</summary>
    private static void Write(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OnlyThisUser;
        using (var writer = new StreamWriter(file + ".new", options))
            writer.Write(text);
        System.IO.File.Move(file + ".new", file, overwrite: true);
    }
}

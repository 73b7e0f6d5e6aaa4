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

    private DataFolder(string path, FileStream claim) => (Location, this.claim) = (path, claim);

    /// <summary>Absolute.</summary>
    public string Location { get; }

    /// <summary>Creates the folder where needed and claims it until disposed; a killed process gives its claim up too.</summary>
    /// <exception cref="CannotStartException">Another platform runs on it, or it cannot be written.</exception>
    public static DataFolder Claim(string path) => TryClaim(path) ?? throw new CannotStartException(
        $"The data folder {Path.GetFullPath(path)} is in use by another running instance: stop it or choose another with --data.");

    /// <summary>As <see cref="Claim"/>; null when it is claimed already.</summary>
    /// <exception cref="CannotStartException">It cannot be written.</exception>
    public static DataFolder? TryClaim(string path)
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
            return ExclusiveFile.TryOpen(Path.Combine(location, Lock)) is { } claim ? new DataFolder(location, claim) : null;
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

    public void Dispose() => claim.Dispose();

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

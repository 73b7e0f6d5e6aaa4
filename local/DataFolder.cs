namespace Hexabase.Local;

/// <summary>The folder that holds all state of one platform. It belongs to one running platform at a time.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream claim;

    private DataFolder(string path, FileStream claim) => (Location, this.claim) = (path, claim);

    /// <summary>Absolute.</summary>
    public string Location { get; }

    /// <summary>Creates the folder where needed and claims it until disposed; a killed process gives its claim up too.</summary>
    /// <exception cref="CannotStartException">Another platform runs on it, or it cannot be written.</exception>
    public static DataFolder Claim(string path)
    {
        var location = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(location);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The data folder {location} cannot be created: {e.Message}", e);
        }
        try
        {
            return new DataFolder(location, new FileStream(Path.Combine(location, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CannotStartException($"The data folder {location} cannot be written.", e);
        }
        catch (IOException e)
        {
            throw new CannotStartException($"The data folder {location} is in use by another running instance: stop it or choose another with --data.", e);
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

    public void Dispose() => claim.Dispose();

    /// <summary>In one step, so that a kill leaves no half-written file.</summary>
    private static void Write(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(file + ".new", options))
            writer.Write(text);
        System.IO.File.Move(file + ".new", file, overwrite: true);
    }
}

namespace Hexabase.Local.Backup;

/// <summary>
/// A folder for what is not finished, which only this user can read. It is gone when disposed, and empty when claimed again after a kill.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    private StagingFolder(DataFolder folder) => Folder = folder;

    public DataFolder Folder { get; }

    /// <exception cref="BackupException">Another process works in it, or it holds what no backup or restore has left.</exception>
    public static StagingFolder Claim(string path)
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any() && !File.Exists(Path.Combine(path, DataFolder.Lock)))
            throw new BackupException($"{path} is needed for what is not finished, and holds other things: move them away.");
        var folder = DataFolder.TryClaim(path) ?? throw new BackupException($"Another backup or restore is under way in {path}.");
        Clear(folder);
        return new StagingFolder(folder);
    }

    /// <summary>Gives the finished folder its place in one step.</summary>
    /// <param name="place">A folder that is empty or not there.</param>
    /// <exception cref="IOException">It is not empty.</exception>
    public void MoveTo(string place)
    {
        if (Directory.Exists(place))
            Directory.Delete(place, recursive: false);
        Folder.Dispose();
        Directory.Move(Folder.Location, place);
        File.Delete(Path.Combine(place, DataFolder.Lock));
    }

    public void Dispose()
    {
        if (!Directory.Exists(Folder.Location))
            return;
        Clear(Folder);
        Folder.Dispose();
        Directory.Delete(Folder.Location, recursive: true);
    }

    /// <summary>The lock stays, by which the folder is known as ours after a kill.</summary>
    private static void Clear(DataFolder folder)
    {
        foreach (var left in Directory.GetDirectories(folder.Location))
            Directory.Delete(left, recursive: true);
        foreach (var left in Directory.GetFiles(folder.Location).Where(file => file != folder.File(DataFolder.Lock)))
            File.Delete(left);
    }
}

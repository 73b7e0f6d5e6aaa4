namespace Hexabase.Local.Backup;

/// <summary>
/// A folder for what is not finished, which only this user can read. It is gone when disposed, and empty when claimed again after a kill.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    private StagingFolder(DataFolder folder) => Folder = folder;

    public DataFolder Folder { get; }

    /// <exception cref="BackupException">Another process works in it.</exception>
    public static StagingFolder Claim(string path)
    {
        var folder = DataFolder.TryClaim(path) ?? throw new BackupException($"Another backup or restore is under way in {path}.");
        foreach (var left in Directory.GetDirectories(folder.Location))
            Directory.Delete(left, recursive: true);
        foreach (var left in Directory.GetFiles(folder.Location).Where(file => file != folder.File(DataFolder.Lock)))
            File.Delete(left);
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
        File.Delete(Folder.File(DataFolder.Lock));
        Directory.Move(Folder.Location, place);
    }

    public void Dispose()
    {
        Folder.Dispose();
        if (Directory.Exists(Folder.Location))
            Directory.Delete(Folder.Location, recursive: true);
    }
}

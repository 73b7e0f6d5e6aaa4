using Hexabase.Local.Companions;
using Hexabase.Sqlite;

namespace Hexabase.Local.Backup;

/// <summary>Makes the data folder of a backup, on which a platform then goes on.</summary>
internal sealed class PlatformRestore(NpmPackage package, PlatformConsole console, TimeProvider clock)
{
    /// <param name="file">Read to its end before anything is made of it.</param>
    /// <param name="dataFolder">Empty or not there; it stays so when this fails.</param>
    /// <exception cref="BackupException">The file cannot be restored, or there is no place for it.</exception>
    /// <exception cref="CannotStartException">Azurite cannot be run here.</exception>
    public async Task Run(string file, string dataFolder, CancellationToken ct)
    {
        var data = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder));
        RequireEmpty(data);
        var manifest = await BackupArchive.Verify(file, ct);
        using var stage = StagingFolder.Claim(data + ".restoring");
        RequireRoom(stage.Folder, manifest);

        // What is read now counts: a nightly backup may have replaced the file since.
        await using (var azurite = await LoneAzurite.Start(stage.Folder, package, console, clock, ct))
            manifest = await BackupArchive.Read(file, (entry, content) => Put(entry, content, stage.Folder, azurite.Blobs, ct), ct);
        CheckDatabases(file, stage.Folder);

        // Azurite keeps its index in memory: what is there after a restart is on disk.
        await using (var azurite = await LoneAzurite.Start(stage.Folder, package, console, clock, ct))
            await CheckBlobs(manifest, azurite.Blobs, ct);

        RequireEmpty(data);
        stage.MoveTo(data);
        console.Say($"restored {data} as of {manifest.CreatedAt:O}: {manifest.Entries.Count} files, made by version {manifest.Version}");
    }

    private static void RequireEmpty(string data)
    {
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
            throw new BackupException($"{data} is not empty, and a platform may be running on it: name a new folder with --data.");
    }

    private static void RequireRoom(DataFolder folder, BackupManifest manifest)
    {
        var needed = manifest.Entries.Sum(entry => entry.Bytes);
        var there = new DriveInfo(folder.Location).AvailableFreeSpace;
        if (needed > there)
            throw new BackupException($"The backup takes {needed} bytes, and there are {there} left for {folder.Location}.");
    }

    private static async Task Put(BackupEntry entry, Stream content, DataFolder folder, BlobAccount blobs, CancellationToken ct)
    {
        if (entry.Blob is var (container, name))
        {
            await blobs.Upload(new StoredBlob(container, name, entry.Bytes, entry.ContentType!, entry.Metadata), content, ct);
            return;
        }
        await using var file = BackupArchive.NewFile(folder.File(entry.Name));
        await content.CopyToAsync(file, ct);
        file.Flush(flushToDisk: true);
    }

    private static void CheckDatabases(string file, DataFolder folder)
    {
        try
        {
            foreach (var (name, schema) in StateFiles.Databases)
                SqliteDatabase.Check(folder.File(name), schema);
        }
        catch (Exception e) when (e is SqliteException or NewerSchemaException)
        {
            throw new BackupException($"{file} cannot be restored: {e.Message}", e);
        }
    }

    private static async Task CheckBlobs(BackupManifest manifest, BlobAccount blobs, CancellationToken ct)
    {
        var wanted = manifest.Entries.Where(entry => entry.Blob is not null).Select(entry => (entry.Name, entry.Bytes));
        var stored = await blobs.List(ct);
        if (!stored.Select(blob => (BackupEntry.NameOfBlob(blob.Container, blob.Name), blob.Bytes)).ToHashSet().SetEquals(wanted))
            throw new BackupException("Azurite does not have all blobs that it was given.");
    }
}

using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Hexabase.Local.Companions;
using Hexabase.Local.Settings;
using Hexabase.Sqlite;

namespace Hexabase.Local.Backup;

/// <summary>
/// Saves the whole state of a platform in one file, whether it runs or not. It is the state that a SIGKILL of everything would have left
/// at one moment, with the blobs that were written a little later: they are never deleted, and written before the documents that name
/// them, or, the code of strategies, again by the change that these documents hold as pending.
/// </summary>
internal sealed class PlatformBackup(NpmPackage package, PlatformConsole console, TimeProvider clock)
{
    /// <summary>Blobs that are asked for together: Azurite has one thread, which the platform needs too.</summary>
    private const int BlobsAtOnce = 4;

    private static readonly string Version =
        typeof(PlatformBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <param name="file">Replaced in one step, when all of it is on disk and has been read back.</param>
    /// <param name="dataFolder">Of the platform.</param>
    /// <exception cref="BackupException">There is nothing to save, or a part of it cannot be had.</exception>
    /// <exception cref="SqliteException">A database is damaged.</exception>
    public async Task Take(string file, string dataFolder, CancellationToken ct)
    {
        var (target, data) = (Path.GetFullPath(file), Path.GetFullPath(dataFolder));
        if (Directory.Exists(target) || Path.EndsInDirectorySeparator(target))
            throw new BackupException($"{target} is a folder: name a file in it.");
        foreach (var (name, _) in StateFiles.Databases)
        {
            if (!File.Exists(Path.Combine(data, name)))
                throw new BackupException($"{data} holds no state of a platform: {name} is missing.");
        }
        using var stage = StagingFolder.Claim(target + ".partial");
        using var stopped = DataFolder.TryClaim(data);
        await using var azurite = stopped is null ? null : await LoneAzurite.Start(stopped, package, console, clock, ct);
        var blobs = azurite?.Blobs ?? new BlobAccount(PortOfBlobs(data));

        var moment = CopyDatabases(data, stage.Folder, ct);
        var contents = new List<(BackupEntry Entry, string File)>();
        foreach (var (name, schema) in StateFiles.Databases)
        {
            SqliteDatabase.Check(stage.Folder.File(name), schema);
            contents.Add(await Described(new BackupEntry(name, 0, ""), stage.Folder.File(name), ct));
        }
        foreach (var name in StateFiles.Keys.Where(name => File.Exists(Path.Combine(data, name))))
            contents.Add(await Described(new BackupEntry(name, 0, ""), Path.Combine(data, name), ct));
        contents.AddRange(await CopyBlobs(blobs, stage.Folder, ct));

        var archive = stage.Folder.File("archive");
        var files = contents.ToDictionary(content => content.Entry.Name, content => content.File, StringComparer.Ordinal);
        var manifest = new BackupManifest(BackupManifest.KnownFormat, moment, Version, [.. contents.Select(content => content.Entry)]);
        await BackupArchive.Write(archive, manifest, entry => File.OpenRead(files[entry.Name]), ct);
        await BackupArchive.Verify(archive, ct);
        File.Move(archive, target, overwrite: true);
        console.Say($"wrote {target} ({Size(new FileInfo(target).Length)}): it holds keys, keep it as safe as the data folder");
    }

    private static int PortOfBlobs(string data) =>
        LocalPorts.Of(data)?.Blobs ?? throw new BackupException($"The platform on {data} is only starting: try again.");

    private DateTimeOffset CopyDatabases(string data, DataFolder to, CancellationToken ct)
    {
        var snapshots = SqliteSnapshot.TakeTogether([.. StateFiles.Databases.Select(database => Path.Combine(data, database.Name))]);
        try
        {
            var moment = clock.GetUtcNow();
            var began = clock.GetTimestamp();
            foreach (var (snapshot, (name, _)) in snapshots.Zip(StateFiles.Databases))
                snapshot.CopyTo(to.File(name), ct);
            var sizes = StateFiles.Databases.Select(database => $"{database.Name} ({Size(new FileInfo(to.File(database.Name)).Length)})");
            console.Say($"copied {string.Join(" and ", sizes)} as of {moment:O} in {Seconds(began)}");
            return moment;
        }
        finally
        {
            foreach (var snapshot in snapshots)
                snapshot.Dispose();
        }
    }

    /// <summary>After the databases, so that every blob is there that their documents name.</summary>
    private async Task<(BackupEntry Entry, string File)[]> CopyBlobs(BlobAccount blobs, DataFolder to, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        Directory.CreateDirectory(to.File("blobs"));
        var stored = await blobs.List(ct);
        var copies = new (BackupEntry Entry, string File)[stored.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = BlobsAtOnce, CancellationToken = ct };
        await Parallel.ForAsync(0, stored.Count, options, async (i, stop) =>
        {
            var (blob, file) = (stored[i], to.File($"blobs/{i}"));
            await blobs.Download(blob, file, stop);
            var name = BackupEntry.NameOfBlob(blob.Container, blob.Name);
            copies[i] = await Described(new BackupEntry(name, 0, "", blob.ContentType, blob.Metadata), file, stop);
        });
        console.Say($"copied {copies.Length} blobs ({Size(copies.Sum(copy => copy.Entry.Bytes))}) in {Seconds(began)}");
        return copies;
    }

    private static async Task<(BackupEntry Entry, string File)> Described(BackupEntry entry, string file, CancellationToken ct)
    {
        await using var content = File.OpenRead(file);
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
        return (entry with { Bytes = content.Length, Sha256 = digest }, file);
    }

    private string Seconds(long since) => string.Create(CultureInfo.InvariantCulture, $"{clock.GetElapsedTime(since).TotalSeconds:0.0} s");

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Hexabase.Local.Backup;

/// <summary>
/// A backup in one file: a gzipped tar whose first entry is the manifest and whose others are exactly what the manifest says. It can be
/// looked into with <c>tar</c>.
/// </summary>
internal static class BackupArchive
{
    private const string ManifestName = "manifest.json";

    /// <summary>Room for a million blobs.</summary>
    private const int MostManifestBytes = 256 << 20;

    private const UnixFileMode OnlyThisUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a new file that only this user can read, for it holds keys. It is on disk when this completes.</summary>
    /// <param name="open">The content of an entry.</param>
    public static async Task Write(string path, BackupManifest manifest, Func<BackupEntry, Stream> open, CancellationToken ct)
    {
        await using var file = NewFile(path);
        await using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(gzip, TarEntryFormat.Pax, leaveOpen: true))
        {
            await Add(ManifestName, new MemoryStream(manifest.ToJson()));
            foreach (var entry in manifest.Entries)
                await Add(entry.Name, open(entry));

            async Task Add(string name, Stream content)
            {
                await using (content)
                {
                    var entry = new PaxTarEntry(TarEntryType.RegularFile, name)
                    {
                        DataStream = content,
                        Mode = OnlyThisUser,
                        ModificationTime = manifest.CreatedAt,
                    };
                    await tar.WriteEntryAsync(entry, ct);
                }
            }
        }
        file.Flush(flushToDisk: true);
    }

    /// <summary>Reads all of it, and changes nothing.</summary>
    /// <exception cref="BackupException">It is not there, damaged, cut off, no backup, or of another format.</exception>
    public static async Task<BackupManifest> Verify(string path, CancellationToken ct)
    {
        try
        {
            return await Read(path, (_, content) => content.CopyToAsync(Stream.Null, ct), ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new BackupException(e.Message, e);
        }
        catch (BackupException e)
        {
            throw new BackupException($"{path} cannot be restored: {e.Message}", e);
        }
#pragma warning disable CA1031 // The parsers of gzip, tar and JSON say in many ways that these bytes are not theirs.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            throw new BackupException($"{path} is damaged or no backup: {e.Message}", e);
        }
    }

    /// <summary>Hands out the entries in their order.</summary>
    /// <param name="take">Given an entry and its content, which is valid until the task completes.</param>
    /// <exception cref="InvalidDataException">The archive is not what its manifest says.</exception>
    public static async Task<BackupManifest> Read(string path, Func<BackupEntry, Stream, Task> take, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        await using var gzip = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        await using var tar = new TarReader(gzip, leaveOpen: true);
        var manifest = await ReadManifest(tar, ct);
        foreach (var entry in manifest.Entries)
        {
            var next = await tar.GetNextEntryAsync(copyData: false, ct);
            if (next is not { EntryType: TarEntryType.RegularFile } || next.Name != entry.Name || next.Length != entry.Bytes)
                throw new InvalidDataException($"'{entry.Name}' is not where the manifest has it.");
            if (await Digest(next.DataStream ?? Stream.Null, content => take(entry, content), ct) != entry.Sha256)
                throw new InvalidDataException($"'{entry.Name}' is not what was saved.");
        }
        if (await tar.GetNextEntryAsync(copyData: false, ct) is not null)
            throw new InvalidDataException("There is more in it than the manifest has.");
        await gzip.CopyToAsync(Stream.Null, ct); // gzip's own check sum comes last
        return manifest;
    }

    /// <summary>A new file that only this user can read.</summary>
    public static FileStream NewFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OnlyThisUser;
        return new FileStream(path, options);
    }

    private static async Task<BackupManifest> ReadManifest(TarReader tar, CancellationToken ct)
    {
        var first = await tar.GetNextEntryAsync(copyData: false, ct);
        if (first is not { EntryType: TarEntryType.RegularFile, Name: ManifestName, Length: > 0 and <= MostManifestBytes })
            throw new InvalidDataException("It does not begin with a manifest.");
        var json = new byte[first.Length];
        await first.DataStream!.ReadExactlyAsync(json, ct);
        return BackupManifest.Parse(json);
    }

    /// <summary>SHA-256 of a content that someone reads meanwhile.</summary>
    private static async Task<string> Digest(Stream content, Func<Stream, Task> read, CancellationToken ct)
    {
        using var sha = SHA256.Create();
        await using (var passing = new CryptoStream(content, sha, CryptoStreamMode.Read, leaveOpen: true))
        {
            await read(passing);
            await passing.CopyToAsync(Stream.Null, ct);
        }
        return Convert.ToHexStringLower(sha.Hash!);
    }
}

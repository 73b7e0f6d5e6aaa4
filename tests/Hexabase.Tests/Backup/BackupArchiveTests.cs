using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Local.Backup;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Backup;

/// <summary>The file of a backup: what is not what was written is refused.</summary>
public sealed class BackupArchiveTests : IDisposable
{
    private static readonly (string Name, string Content)[] Files =
        [("documents.db", "documents"), ("platform.db", new string('p', 2_000)), ("secrets.json", ""), ("blobs/data/x.csv", "1,2,3")];

    private readonly TemporaryFolder folder = new();

    private string Backup => folder.File("backup");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_is_read_as_it_was_written()
    {
        await Write();
        Assert.Equal(Files, await Contents());
        Assert.Equivalent(Described(), await BackupArchive.Verify(Backup, default), strict: true);
    }

    [Fact]
    public async Task Only_its_owner_can_read_it()
    {
        if (OperatingSystem.IsWindows())
            return;
        await Write();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
    }

    [Fact] // Some bytes of gzip mean nothing: time and system in its header, codes that nothing is written in.
    public async Task With_any_byte_changed_it_is_refused_or_still_reads_the_same()
    {
        await Write();
        var whole = await File.ReadAllBytesAsync(Backup);
        Prop.ForAll(Gen.Choose(0, whole.Length - 1).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (position, change) =>
        {
            var changed = whole.ToArray();
            changed[position] ^= (byte)change;
            File.WriteAllBytes(Backup, changed);
            return IsRefused() || Contents().GetAwaiter().GetResult().SequenceEqual(Files);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public async Task Cut_off_anywhere_it_is_refused()
    {
        await Write();
        var whole = await File.ReadAllBytesAsync(Backup);
        for (var length = 0; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Backup, whole[..length]);
            Assert.True(IsRefused(), $"It was taken with {length} of {whole.Length} bytes.");
        }
    }

    [Fact] // Whole in all check sums: only the manifest tells.
    public async Task With_another_content_in_an_entry_it_is_refused()
    {
        await WriteTar([Manifest(), .. Files.Select(file => Entry(file.Name, file.Name == "blobs/data/x.csv" ? "1,2,4" : file.Content))]);
        await Refused("'blobs/data/x.csv' is not what was saved.");
    }

    [Fact]
    public async Task With_an_entry_missing_it_is_refused()
    {
        await WriteTar([Manifest(), .. Files.SkipLast(1).Select(file => Entry(file.Name, file.Content))]);
        await Refused("'blobs/data/x.csv' is not where the manifest has it.");
    }

    [Fact]
    public async Task With_an_entry_more_it_is_refused()
    {
        await WriteTar([Manifest(), .. Files.Select(file => Entry(file.Name, file.Content)), Entry("../more", "")]);
        await Refused("There is more in it than the manifest has.");
    }

    [Fact]
    public async Task With_a_link_in_the_place_of_a_file_it_is_refused()
    {
        await WriteTar([Manifest(), new PaxTarEntry(TarEntryType.SymbolicLink, "documents.db") { LinkName = "/etc/passwd" }]);
        await Refused("'documents.db' is not where the manifest has it.");
    }

    [Fact]
    public async Task Without_a_manifest_it_is_refused()
    {
        await WriteTar([Entry("documents.db", "documents")]);
        await Refused("It does not begin with a manifest.");
    }

    [Fact]
    public async Task Of_another_format_it_is_refused()
    {
        await WriteTar([Entry("manifest.json", """{"format":2}""")]);
        var refusal = await Assert.ThrowsAsync<BackupException>(() => BackupArchive.Verify(Backup, default));
        Assert.Equal($"{Backup} cannot be restored: It is a backup of format 2; this version of the program knows format 1.", refusal.Message);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_one_line()
    {
        var refusal = await Assert.ThrowsAsync<BackupException>(() => BackupArchive.Verify(Backup, default));
        Assert.Equal($"Could not find file '{Backup}'.", refusal.Message);
    }

    private static PaxTarEntry Manifest() => Entry("manifest.json", Encoding.UTF8.GetString(Described().ToJson()));

    private static PaxTarEntry Entry(string name, string content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    private static BackupManifest Described() => new(BackupManifest.KnownFormat, DateTimeOffset.UnixEpoch, "0.1.0", [.. Files.Select(file =>
    {
        var content = Encoding.UTF8.GetBytes(file.Content);
        return new BackupEntry(
            file.Name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)), file.Name.StartsWith("blobs/", StringComparison.Ordinal) ? "text/csv" : null);
    })]);

    private Task Write() => BackupArchive.Write(
        Backup, Described(), entry => new MemoryStream(Encoding.UTF8.GetBytes(Files.Single(file => file.Name == entry.Name).Content)), default);

    private async Task WriteTar(params IEnumerable<TarEntry> entries)
    {
        await using var gzip = new GZipStream(File.Create(Backup), CompressionLevel.Fastest);
        await using var tar = new TarWriter(gzip);
        foreach (var entry in entries)
            await tar.WriteEntryAsync(entry);
    }

    private bool IsRefused() => Record.ExceptionAsync(() => BackupArchive.Verify(Backup, default)).GetAwaiter().GetResult() is BackupException;

    private async Task Refused(string why)
    {
        var refusal = await Assert.ThrowsAsync<BackupException>(() => BackupArchive.Verify(Backup, default));
        Assert.Equal($"{Backup} is damaged or no backup: {why}", refusal.Message);
    }

    private async Task<IReadOnlyList<(string, string)>> Contents()
    {
        var read = new List<(string, string)>();
        await BackupArchive.Read(Backup, async (entry, content) => read.Add((entry.Name, await new StreamReader(content).ReadToEndAsync())), default);
        return read;
    }
}

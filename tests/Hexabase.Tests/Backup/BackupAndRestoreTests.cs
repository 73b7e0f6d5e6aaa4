using Hexabase.Local;
using Hexabase.Local.Backup;
using Hexabase.Local.Companions;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Backup;

/// <summary>Data folders that no platform runs on, saved and made again.</summary>
public sealed class BackupAndRestoreTests : IDisposable
{
    private const string Schema = "create table if not exists notes (text)";

    private static readonly StoredBlob Blob = new(
        "results", "s_1/ü 1.json", 3, "application/json", new Dictionary<string, string>(StringComparer.Ordinal) { ["lang"] = "en" });

    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly NpmPackage package;
    private readonly PlatformConsole console;

    public BackupAndRestoreTests()
    {
        console = new PlatformConsole(output, output);
        package = NpmPackage.Companions(Repository.NpmPackage, console, TimeProvider.System);
    }

    private string Data => folder.File("data");

    private string File => folder.File("backup.tar.gz");

    public void Dispose()
    {
        folder.Dispose();
        output.Dispose();
    }

    [Fact]
    public async Task What_is_restored_is_what_was_saved()
    {
        await MakeState();

        await Backup();
        await Restore(folder.File("elsewhere"));

        foreach (var (name, _) in StateFiles.Databases)
        {
            await using var database = SqliteDatabase.Open(Path.Combine(folder.File("elsewhere"), name), Schema);
            Assert.Equal(name, database.Read(s => s.Scalar("select text from notes", "")));
        }
        Assert.Equal("key", await System.IO.File.ReadAllTextAsync(Path.Combine(folder.File("elsewhere"), "durable-key")));
        using var data = DataFolder.Claim(folder.File("elsewhere"));
        await using var azurite = await Azurite(data);
        Assert.Equivalent(new[] { Blob }, await azurite.Blobs.List(default), strict: true);
        await azurite.Blobs.Download(Blob, folder.File("content"), default);
        Assert.Equal("{ }", await System.IO.File.ReadAllTextAsync(folder.File("content")));
    }

    [Fact]
    public async Task A_new_backup_takes_the_place_of_an_older_one_and_nothing_else_is_left()
    {
        await MakeState();
        await System.IO.File.WriteAllTextAsync(File, "yesterday's");
        await Backup();
        await BackupArchive.Verify(File, default);
        Assert.Equal([File, Data], Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_a_killed_restore_left_is_not_in_the_way()
    {
        await MakeState();
        await Backup();
        var left = Directory.CreateDirectory(folder.File("elsewhere.restoring"));
        await System.IO.File.WriteAllTextAsync(Path.Combine(left.FullName, "documents.db"), "half");
        await System.IO.File.WriteAllTextAsync(Path.Combine(left.FullName, "lock"), "");
        await Restore(folder.File("elsewhere"));
        Assert.False(Directory.Exists(left.FullName));
        SqliteDatabase.Check(Path.Combine(folder.File("elsewhere"), "documents.db"), 1);
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(Data);
        await System.IO.File.WriteAllTextAsync(Path.Combine(Data, "lock"), "");
        var refusal = await Assert.ThrowsAsync<BackupException>(() => Restore(Data));
        Assert.Equal($"{Data} is not empty, and a platform may be running on it: name a new folder with --data.", refusal.Message);
        Assert.Equal(["data"], Names());
    }

    [Theory]
    [InlineData("data")]
    [InlineData("backups/")]
    public async Task A_backup_is_not_written_over_a_folder(string target)
    {
        await MakeState();
        var file = folder.File(target);
        var refusal = await Assert.ThrowsAsync<BackupException>(() => new PlatformBackup(package, console, TimeProvider.System).Take(file, Data, default));
        Assert.Equal($"{file} is a folder: name a file in it.", refusal.Message);
        Assert.Equal(["data"], Names());
    }

    [Fact]
    public void A_folder_of_somebody_else_is_not_cleared_for_what_is_not_finished()
    {
        var theirs = Directory.CreateDirectory(folder.File("elsewhere.restoring"));
        System.IO.File.WriteAllText(Path.Combine(theirs.FullName, "thesis.txt"), "all of it");
        var refusal = Assert.Throws<BackupException>(() => StagingFolder.Claim(theirs.FullName));
        Assert.Equal($"{theirs.FullName} is needed for what is not finished, and holds other things: move them away.", refusal.Message);
        Assert.Equal(["thesis.txt"], theirs.GetFileSystemInfos().Select(entry => entry.Name));
    }

    [Fact]
    public async Task A_damaged_backup_leaves_nothing_behind()
    {
        await System.IO.File.WriteAllBytesAsync(File, [0x1F, 0x8B, 8, 0, 0]);
        await Assert.ThrowsAsync<BackupException>(() => Restore(Data));
        Assert.Equal(["backup.tar.gz"], Names());
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_and_leaves_nothing_behind()
    {
        await WriteArchive(async (database, name) => await (SqliteDatabase.Open(database, Schema, name == "platform.db" ? 2 : 1)).DisposeAsync());
        var refusal = await Assert.ThrowsAsync<BackupException>(() => Restore(Data));
        Assert.EndsWith("platform.db has schema version 2; this version of the program knows versions up to 1.", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("data", Names());
    }

    [Fact]
    public async Task A_folder_without_a_platform_has_nothing_to_save()
    {
        var refusal = await Assert.ThrowsAsync<BackupException>(Backup);
        Assert.Equal($"{Data} holds no state of a platform: documents.db is missing.", refusal.Message);
        Assert.Empty(Names());
    }

    [Fact]
    public async Task A_second_backup_to_the_same_file_is_refused_while_one_is_under_way()
    {
        await MakeState();
        using var under = StagingFolder.Claim(File + ".partial");
        var refusal = await Assert.ThrowsAsync<BackupException>(Backup);
        Assert.Equal($"Another backup or restore is under way in {File}.partial.", refusal.Message);
    }

    private async Task MakeState()
    {
        using var data = DataFolder.Claim(Data);
        foreach (var (name, schema) in StateFiles.Databases)
        {
            await using var database = SqliteDatabase.Open(data.File(name), Schema, schema);
            await database.Write(s => s.Execute("insert into notes (text) values ($1)", name));
        }
        data.ReadOrCreate("durable-key", () => "key");
        await using var azurite = await Azurite(data);
        await azurite.Blobs.Upload(Blob, new MemoryStream("{ }"u8.ToArray()), default);
    }

    /// <summary>A backup that is whole, of databases as <paramref name="make"/> makes them.</summary>
    private async Task WriteArchive(Func<string, string, Task> make)
    {
        var entries = new List<BackupEntry>();
        foreach (var (name, _) in StateFiles.Databases)
        {
            await make(folder.File(name), name);
            var content = await System.IO.File.ReadAllBytesAsync(folder.File(name));
            entries.Add(new BackupEntry(name, content.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))));
        }
        await BackupArchive.Write(File, new BackupManifest(1, DateTimeOffset.UnixEpoch, "9.0.0", entries), entry => System.IO.File.OpenRead(folder.File(entry.Name)), default);
    }

    private Task<LoneAzurite> Azurite(DataFolder data) => LoneAzurite.Start(data, package, console, TimeProvider.System, default);

    private Task Backup() => new PlatformBackup(package, console, TimeProvider.System).Take(File, Data, default);

    private Task Restore(string to) => new PlatformRestore(package, console, TimeProvider.System).Run(File, to, default);

    private IEnumerable<string> Names() => Directory.GetFileSystemEntries(folder.Path).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal);
}

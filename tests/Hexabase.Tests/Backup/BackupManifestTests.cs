using System.Text;
using Hexabase.Adapters.Sqlite;
using Hexabase.Local.Backup;

namespace Hexabase.Tests.Backup;

/// <summary>Which manifests are taken.</summary>
public sealed class BackupManifestTests
{
    private static readonly string Digest = new('a', 64);

    private static readonly BackupEntry Documents = new("documents.db", 1, Digest);
    private static readonly BackupEntry Platform = new("platform.db", 1, Digest);

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var blob = new BackupEntry("blobs/results/s 1/ü.json", 0, Digest, "application/json", new Dictionary<string, string> { ["k"] = "v" });
        var manifest = Of(Documents, Platform, new("secrets.json", 3, Digest), blob);
        var read = BackupManifest.Parse(manifest.ToJson());
        Assert.Equivalent(manifest, read, strict: true);
        Assert.Equal(("results", "s 1/ü.json"), read.Entries[^1].Blob);
    }

    [Fact]
    public void Another_format_is_refused_whatever_else_it_says() => Assert.Equal(
        "It is a backup of format 2; this version of the program knows format 1.",
        Assert.Throws<BackupException>(() => BackupManifest.Parse("""{"format":2,"volumes":[]}"""u8)).Message);

    [Theory] // None of them may become a file, or another blob than it says.
    [InlineData("../documents.db")]
    [InlineData("/etc/cron.d/x")]
    [InlineData("lock")]
    [InlineData("azurite/__azurite_db_blob__.json")]
    [InlineData("manifest.json")]
    [InlineData("blobs/results")]
    [InlineData("blobs/results/")]
    [InlineData("blobs//x")]
    [InlineData("blobs/results/../../x")]
    [InlineData("blobs/results/./x")]
    [InlineData("")]
    public void A_name_that_no_backup_has_is_refused(string name) => Refused(Documents, Platform, new(name, 1, Digest, "text/csv"));

    [Fact]
    public void A_blob_without_a_content_type_is_refused() => Refused(Documents, Platform, new("blobs/data/x.csv", 1, Digest));

    [Theory]
    [InlineData(-1, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(1, "")]
    [InlineData(1, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void An_entry_without_a_length_or_a_digest_is_refused(long bytes, string digest) =>
        Refused(Documents, Platform, new("durable-key", bytes, digest));

    [Fact]
    public void An_entry_that_is_there_twice_is_refused() => Refused(Documents, Platform, Documents);

    [Fact]
    public void A_backup_without_one_of_the_databases_is_refused() => Refused(Documents);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":"1"}""")]
    [InlineData("""{"format":1}""")]
    [InlineData("""{"format":1,"created_at":"2026-01-01T00:00:00Z","version":"1","entries":[null]}""")]
    [InlineData("""{"format":1,"created_at":"2026-01-01T00:00:00Z","version":"1","entries":[],"more":1}""")]
    public void What_is_no_manifest_is_refused(string json) =>
        Assert.Throws<InvalidDataException>(() => BackupManifest.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void The_newest_schema_it_knows_of_the_documents_is_the_one_that_the_app_writes() =>
        Assert.Equal(SqliteDocumentStore.SchemaVersion, StateFiles.Databases.Single(database => database.Name == "documents.db").Schema);

    private static void Refused(params BackupEntry[] entries) =>
        Assert.Throws<InvalidDataException>(() => BackupManifest.Parse(Of(entries).ToJson()));

    private static BackupManifest Of(params BackupEntry[] entries) => new(1, DateTimeOffset.UnixEpoch, "0.1.0", entries);
}
